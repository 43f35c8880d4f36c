// What g++ needs to read CUDA C++: its keywords, built-in variables and functions. No header of the host is included, so
// that sources may declare what NVRTC leaves to them.
#pragma once
#include "device_abi.h"

typedef __SIZE_TYPE__ size_t;

static EmulatedThread emulated;
static const uint3 &threadIdx = emulated.thread;
static const uint3 &blockIdx = emulated.block;
static const dim3 &blockDim = emulated.threads;
static const dim3 &gridDim = emulated.blocks;
static const int warpSize = 32;

#define EMULATED_EXPORT extern "C" __attribute__((visibility("default")))

// --- keywords

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __constant__ static
// Blocks run one after another, so they can share one copy.
#define __shared__ static

// --- threads

inline void __syncthreads() { emulated.barrier(); }
inline void __threadfence() {}
inline void __threadfence_block() {}
#define assert(condition) ((condition) ? (void)0 : emulated.failed(#condition, __FILE__, __LINE__))

// --- mathematics

#define EMULATED_1(name)                                                                                               \
    extern "C" double name(double) noexcept;                                                                           \
    extern "C" float name##f(float) noexcept;                                                                          \
    inline float name(float a) { return name##f(a); }
#define EMULATED_2(name)                                                                                               \
    extern "C" double name(double, double) noexcept;                                                                   \
    extern "C" float name##f(float, float) noexcept;                                                                   \
    inline float name(float a, float b) { return name##f(a, b); }
EMULATED_1(sin)
EMULATED_1(cos)
EMULATED_1(tan)
EMULATED_1(sinh)
EMULATED_1(cosh)
EMULATED_1(tanh)
EMULATED_1(asin)
EMULATED_1(acos)
EMULATED_1(atan)
EMULATED_1(exp)
EMULATED_1(exp2)
EMULATED_1(expm1)
EMULATED_1(log)
EMULATED_1(log2)
EMULATED_1(log10)
EMULATED_1(log1p)
EMULATED_1(sqrt)
EMULATED_1(cbrt)
EMULATED_1(erf)
EMULATED_1(erfc)
EMULATED_1(fabs)
EMULATED_1(floor)
EMULATED_1(ceil)
EMULATED_1(trunc)
EMULATED_1(round)
EMULATED_1(rint)
EMULATED_2(pow)
EMULATED_2(fmod)
EMULATED_2(fmax)
EMULATED_2(fmin)
EMULATED_2(atan2)
EMULATED_2(hypot)
EMULATED_2(copysign)
#undef EMULATED_1
#undef EMULATED_2
extern "C" double fma(double, double, double) noexcept;
extern "C" float fmaf(float, float, float) noexcept;
inline float fma(float a, float b, float c) { return fmaf(a, b, c); }
inline double rsqrt(double a) { return 1 / sqrt(a); }
inline float rsqrtf(float a) { return 1 / sqrtf(a); }
inline float rsqrt(float a) { return rsqrtf(a); }
inline float __expf(float a) { return expf(a); }
inline float __logf(float a) { return logf(a); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __frcp_rn(float a) { return 1 / a; }

inline float abs(float a) { return fabsf(a); }
inline double abs(double a) { return fabs(a); }
inline int abs(int a) { return a < 0 ? -a : a; }
inline long abs(long a) { return a < 0 ? -a : a; }
inline long long abs(long long a) { return a < 0 ? -a : a; }
inline float max(float a, float b) { return fmaxf(a, b); }
inline float min(float a, float b) { return fminf(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
template <class A, class B> auto max(A a, B b) -> decltype(a + b) { return a > b ? a : b; }
template <class A, class B> auto min(A a, B b) -> decltype(a + b) { return a < b ? a : b; }
template <class T> bool isnan(T a) { return __builtin_isnan(a); }
template <class T> bool isinf(T a) { return __builtin_isinf(a); }
template <class T> bool isfinite(T a) { return __builtin_isfinite(a); }
template <class T> bool signbit(T a) { return __builtin_signbit(a); }

// --- bits

template <class To, class From> To emulated_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "types of one size");
    To to;
    __builtin_memcpy(&to, &from, sizeof(to));
    return to;
}
inline int __float_as_int(float a) { return emulated_bits<int>(a); }
inline unsigned __float_as_uint(float a) { return emulated_bits<unsigned>(a); }
inline float __int_as_float(int a) { return emulated_bits<float>(a); }
inline float __uint_as_float(unsigned a) { return emulated_bits<float>(a); }
inline long long __double_as_longlong(double a) { return emulated_bits<long long>(a); }
inline double __longlong_as_double(long long a) { return emulated_bits<double>(a); }

// --- memory

template <class T> T __ldg(const T *p) { return *p; }

// Threads only take turns at barriers: a plain update is atomic.
template <class T> T emulated_exchange(T *p, T v) {
    T old = *p;
    *p = v;
    return old;
}
#define EMULATED_ADD(T)                                                                                                \
    inline T atomicAdd(T *p, T v) { return emulated_exchange(p, (T)(*p + v)); }
#define EMULATED_ORDER(T)                                                                                              \
    inline T atomicMax(T *p, T v) { return emulated_exchange(p, *p < v ? v : *p); }                                    \
    inline T atomicMin(T *p, T v) { return emulated_exchange(p, v < *p ? v : *p); }
#define EMULATED_SWAP(T)                                                                                               \
    inline T atomicCAS(T *p, T expected, T v) { return emulated_exchange(p, *p == expected ? v : *p); }
EMULATED_ADD(int)
EMULATED_ADD(unsigned)
EMULATED_ADD(unsigned long long)
EMULATED_ADD(float)
EMULATED_ADD(double)
EMULATED_ORDER(int)
EMULATED_ORDER(unsigned)
EMULATED_ORDER(long long)
EMULATED_ORDER(unsigned long long)
EMULATED_SWAP(unsigned short)
EMULATED_SWAP(int)
EMULATED_SWAP(unsigned)
EMULATED_SWAP(unsigned long long)
#undef EMULATED_ADD
#undef EMULATED_ORDER
#undef EMULATED_SWAP
inline int atomicExch(int *p, int v) { return emulated_exchange(p, v); }
inline unsigned atomicExch(unsigned *p, unsigned v) { return emulated_exchange(p, v); }
inline float atomicExch(float *p, float v) { return emulated_exchange(p, v); }

// --- launches

EMULATED_EXPORT EmulatedThread *emulated_thread() { return &emulated; }

// `P` are a kernel's own parameters; a launch brings their addresses.
struct EmulatedCall {
    template <class... P> EmulatedCall(void (*kernel)(P...), P... values) { kernel(values...); }
};
template <class... P> void emulated_run(void (*kernel)(P...), void **parameters) {
    int i = 0;
    EmulatedCall{kernel, (*static_cast<P *>(parameters[i++]))...};
}

template <class T> int emulated_show(T *p, EmulatedSee see) { return see((const void *)p), 0; }
template <class T> int emulated_show(const T &, EmulatedSee) { return 0; }
template <class... P> void emulated_show_all(void (*)(P...), void **parameters, EmulatedSee see) {
    int i = 0;
    int shown[] = {0, emulated_show(*static_cast<P *>(parameters[i++]), see)...};
}

#define EMULATED_KERNEL(name)                                                                                          \
    EMULATED_EXPORT void emulated_run_##name(void **parameters) { emulated_run(name, parameters); }                    \
    EMULATED_EXPORT void emulated_pointers_##name(void **parameters, EmulatedSee see) {                                \
        emulated_show_all(name, parameters, see);                                                                      \
    }
