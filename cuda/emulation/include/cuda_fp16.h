// `__half` as far as dfdx's kernels go: its layout, conversions and arithmetic by way of `float`.
#pragma once

#ifdef __aarch64__
typedef __fp16 emulated_half;
#else
typedef _Float16 emulated_half;
#endif

struct __half {
    emulated_half value;
    __half() = default;
    template <class T> __half(T v) : value((emulated_half)(float)v) {}
    operator float() const { return (float)value; }
};

#define EMULATED_OPERATOR(op)                                                                                          \
    inline __half operator op(__half a, __half b) { return (float)a op(float) b; }                                     \
    template <class T> __half operator op(__half a, T b) { return (float)a op(float) b; }                              \
    template <class T> __half operator op(T a, __half b) { return (float)a op(float) b; }                              \
    template <class T> __half &operator op##=(__half &a, T b) { return a = (float)a op(float) b; }
EMULATED_OPERATOR(+)
EMULATED_OPERATOR(-)
EMULATED_OPERATOR(*)
EMULATED_OPERATOR(/)
#undef EMULATED_OPERATOR

inline __half __float2half(float a) { return a; }
inline float __half2float(__half a) { return a; }
inline bool __hisnan(__half a) { return (float)a != (float)a; }
inline __half __hmax(__half a, __half b) { return fmaxf(a, b); }
inline __half __hmin(__half a, __half b) { return fminf(a, b); }
inline __half __hmax_nan(__half a, __half b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmax(a, b); }
inline __half __hmin_nan(__half a, __half b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmin(a, b); }
inline __half hcos(__half a) { return cosf(a); }
inline __half hsin(__half a) { return sinf(a); }
inline __half hsqrt(__half a) { return sqrtf(a); }
inline __half hlog(__half a) { return logf(a); }
inline __half hexp(__half a) { return expf(a); }
inline __half __habs(__half a) { return fabsf(a); }
inline unsigned short __half_as_ushort(__half a) { return emulated_bits<unsigned short>(a); }
inline __half __ushort_as_half(unsigned short a) { return emulated_bits<__half>(a); }
inline __half atomicAdd(__half *p, __half v) { return emulated_exchange(p, *p + v); }
