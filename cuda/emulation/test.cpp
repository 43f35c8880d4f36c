// Cases for `test`, by name. Each ends by "done", or as `test` says.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

extern "C" {
int cuInit(unsigned);
int cuDevicePrimaryCtxRetain(void **, int);
int cuCtxSetCurrent(void *);
int cuMemAlloc_v2(uint64_t *, size_t);
int cuMemAllocAsync(uint64_t *, size_t, void *);
int cuMemFree_v2(uint64_t);
int cuMemcpyHtoD_v2(uint64_t, const void *, size_t);
int cuMemcpyDtoH_v2(void *, uint64_t, size_t);
int cuMemcpyDtoD_v2(uint64_t, uint64_t, size_t);
int cuMemsetD8_v2(uint64_t, unsigned char, size_t);
int cuModuleLoadData(void **, const void *);
int cuModuleGetFunction(void **, void *, const char *);
int cuLaunchKernel(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **);
int cuGetErrorName(int, const char **);
int nvrtcCreateProgram(void **, const char *, const char *, int, const char *const *, const char *const *);
int nvrtcCompileProgram(void *, int, const char *const *);
int nvrtcGetPTXSize(void *, size_t *);
int nvrtcGetPTX(void *, char *);
int nvrtcGetProgramLogSize(void *, size_t *);
int nvrtcGetProgramLog(void *, char *);
int cublasCreate_v2(void **);
int cublasDgemm_v2(void *, int, int, int, int, int, const double *, const double *, int, const double *, int,
                   const double *, double *, int);
int cublasSgemmStridedBatched(void *, int, int, int, int, int, const float *, const float *, int, long long,
                              const float *, int, long long, const float *, float *, int, long long, int);
}

static void equal(long long got, long long wanted, const char *what, int line) {
    if (got != wanted) {
        fprintf(stderr, "line %d: %s is %lld, not %lld\n", line, what, got, wanted);
        exit(1);
    }
}
#define EQUAL(got, wanted) equal(got, wanted, #got, __LINE__)

static const char SOURCE[] = R"(
#define THREADS (blockDim.x * blockDim.y * blockDim.z)
struct Two { size_t a, b; };
extern "C" __global__ void dims(unsigned *x) {
    unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    x[block * THREADS + thread] = block * THREADS + thread;
}
template <class T> __device__ void sum(const T *x, T *sums) {
    __shared__ T parts[256];
    unsigned t = threadIdx.x;
    parts[t] = x[blockIdx.x * 256 + t];
    for (unsigned half = 128; half; half /= 2) {
        __syncthreads();
        if (t < half) parts[t] += parts[t + half];
    }
    if (t == 0) sums[blockIdx.x] = parts[0];
}
extern "C" __global__ void __launch_bounds__(256) sum_f32(const float *x, float *sums) { sum(x, sums); }
extern "C" __global__ __launch_bounds__(256) void sum_f64(const double *x, double *sums) { sum(x, sums); }
extern "C" __global__ void skip(unsigned *x) {
    __shared__ unsigned s[64];
    s[threadIdx.x] = threadIdx.x;
    if (threadIdx.x < 3) return;
    __syncthreads();
    x[threadIdx.x] = s[66 - threadIdx.x];
}
extern "C" __global__ void count(unsigned *x, int *most, float *all) {
    atomicAdd(x, 1u); atomicMax(most, (int)threadIdx.x); atomicAdd(all, 0.5f);
}
extern "C" __global__ void two(const Two op, const float half, double *x) { x[0] = op.a * 100 + op.b + half; }
extern "C" __global__ void maths(const float x, double *y) {
    y[0] = rsqrt(x) + max(x, 1.f) + fma(x, x, x) + __int_as_float(__float_as_int(x));
}
extern "C" __global__ void put(float *x, int at) { x[at] = 1; }
extern "C" __global__ void hidden(size_t x) { ((float *)x)[-1] = 1; }
extern "C" __global__ void asserts(int n) { assert(n < 3); }
)";

static int compile(const char *source, std::string &text) {
    void *program;
    EQUAL(nvrtcCreateProgram(&program, source, nullptr, 0, nullptr, nullptr), 0);
    const char *options[] = {"--gpu-architecture=sm_90"};
    int status = nvrtcCompileProgram(program, 1, options);
    size_t size;
    EQUAL((status ? nvrtcGetProgramLogSize : nvrtcGetPTXSize)(program, &size), 0);
    text.resize(size);
    EQUAL((status ? nvrtcGetProgramLog : nvrtcGetPTX)(program, &text[0]), 0);
    return status;
}

static void *kernel(const char *name) {
    static void *module = [] {
        std::string ptx;
        void *module;
        EQUAL(compile(SOURCE, ptx), 0);
        EQUAL(cuModuleLoadData(&module, ptx.c_str()), 0);
        return module;
    }();
    void *function;
    EQUAL(cuModuleGetFunction(&function, module, name), 0);
    return function;
}

struct Size {
    unsigned x = 1, y = 1, z = 1;
};

template <class... P> static int launch(const char *name, Size grid, Size block, P... parameters) {
    void *addresses[] = {&parameters...};
    return cuLaunchKernel(kernel(name), grid.x, grid.y, grid.z, block.x, block.y, block.z, 0, nullptr, addresses, nullptr);
}

template <class T> static uint64_t device(const std::vector<T> &values) {
    uint64_t address;
    EQUAL(cuMemAlloc_v2(&address, values.size() * sizeof(T)), 0);
    EQUAL(cuMemcpyHtoD_v2(address, values.data(), values.size() * sizeof(T)), 0);
    return address;
}

template <class T> static std::vector<T> host(uint64_t address, size_t count) {
    std::vector<T> values(count);
    EQUAL(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(T)), 0);
    return values;
}

static void dimensions() {
    uint64_t x = device(std::vector<unsigned>(5040));
    EQUAL(launch("dims", {2, 3, 4}, {5, 6, 7}, x), 0);
    auto values = host<unsigned>(x, 5040);
    for (unsigned i = 0; i < 5040; i++)
        EQUAL(values[i], i);
}

template <class T> static void sums(const char *name) {
    std::vector<T> values(1024);
    for (int i = 0; i < 1024; i++)
        values[i] = i;
    uint64_t x = device(values), y = device(std::vector<T>(4));
    EQUAL(launch(name, {4}, {256}, x, y), 0);
    auto found = host<T>(y, 4);
    for (int block = 0; block < 4; block++)
        EQUAL(found[block], 256 * 256 * block + 255 * 128);
}

static void barriers() {
    sums<float>("sum_f32");
    sums<double>("sum_f64");
}

static void skipped_barriers() {
    uint64_t x = device(std::vector<unsigned>(64));
    EQUAL(launch("skip", {2}, {64}, x), 0);
    auto values = host<unsigned>(x, 64);
    for (unsigned i = 0; i < 64; i++)
        EQUAL(values[i], i < 3 ? 0 : 66 - i);
}

static void atomics() {
    uint64_t x = device(std::vector<unsigned>(1)), most = device(std::vector<int>(1)), all = device(std::vector<float>(1));
    EQUAL(launch("count", {3}, {100}, x, most, all), 0);
    EQUAL(host<unsigned>(x, 1)[0], 300);
    EQUAL(host<int>(most, 1)[0], 99);
    EQUAL(host<float>(all, 1)[0], 150);
}

static void structures() {
    struct {
        size_t a = 3, b = 7;
    } op;
    uint64_t x = device(std::vector<double>(1));
    EQUAL(launch("two", {}, {}, op, 0.5f, x), 0);
    EQUAL(host<double>(x, 1)[0] * 2, 615);
}

static void numbers() {
    uint64_t y = device(std::vector<double>(1));
    EQUAL(launch("maths", {}, {}, 4.f, y), 0);
    EQUAL(host<double>(y, 1)[0] * 2, 57);
}

static void limits() {
    uint64_t x = device(std::vector<float>(1));
    for (Size wrong : {Size{0}, Size{1, 0}, Size{1, 1, 0}, Size{1, 65536}, Size{1, 1, 65536}})
        EQUAL(launch("put", wrong, {}, x, 0), 1);
    for (Size wrong : {Size{0}, Size{1025}, Size{1, 1025}, Size{1, 1, 65}, Size{32, 33}})
        EQUAL(launch("put", {}, wrong, x, 0), 1);
    EQUAL(launch("put", {}, {32, 32}, x, 0), 0);
}

static void memory() {
    uint64_t x, none = 1;
    EQUAL(cuMemAlloc_v2(&x, 0), 1);
    EQUAL(cuMemAllocAsync(&none, 0, nullptr), 0);
    EQUAL(none, 0);
    EQUAL(cuMemFree_v2(0), 0);
    EQUAL(cuMemAlloc_v2(&x, 100), 0);
    EQUAL(x % 256, 0);
    for (auto byte : host<unsigned char>(x, 100))
        EQUAL(byte, 0xee);
    char bytes[101];
    EQUAL(cuMemcpyDtoH_v2(bytes, x, 101), 1);
    EQUAL(cuMemcpyDtoH_v2(bytes, x + 99, 1), 0);
    EQUAL(cuMemcpyHtoD_v2(x + 99, bytes, 2), 1);
    EQUAL(cuMemcpyHtoD_v2((uint64_t)bytes, bytes, 1), 1);
    EQUAL(cuMemcpyDtoD_v2(x, x + 50, 51), 1);
    EQUAL(cuMemsetD8_v2(x, 1, 101), 1);
    EQUAL(cuMemsetD8_v2(x, 1, 0), 0);
    EQUAL(cuMemFree_v2(x + 1), 1);
    EQUAL(cuMemFree_v2(x), 0);
    EQUAL(cuMemFree_v2(x), 1);
    EQUAL(cuMemcpyDtoH_v2(bytes, x, 1), 1);
}

static void contexts() {
    uint64_t x = device(std::vector<float>(1));
    std::thread([x] {
        float value;
        EQUAL(cuMemcpyDtoH_v2(&value, x, 4), 201);
    }).join();
}

static void sources() {
    std::string text;
    EQUAL(compile("extern \"C\" __global__ void k(float *x) {\n x[0] = nothing; }", text), 6);
    EQUAL(text.find("default_program:2:9: error") != std::string::npos, true);
    EQUAL(compile("__global__ void k() {}", text), 6);
    EQUAL(compile("#include <cstdint>", text), 6);
    void *module, *function;
    EQUAL(cuModuleLoadData(&module, ".version 8.0"), 218);
    EQUAL(compile("", text), 0);
    EQUAL(cuModuleLoadData(&module, text.c_str()), 0);
    EQUAL(cuModuleGetFunction(&function, module, "k"), 500);
    const char *name;
    EQUAL(cuGetErrorName(500, &name), 0);
    EQUAL(strcmp(name, "CUDA_ERROR_NOT_FOUND"), 0);
    EQUAL(cuGetErrorName(12345, &name), 1);
}

// Sizes on both sides of those that the product is divided into.
static void products() {
    void *blas;
    EQUAL(cublasCreate_v2(&blas), 0);
    int m = 515, n = 3, k = 6;
    double alpha = 2, beta = 0, one = 1;
    for (int transposed = 0; transposed < 2; transposed++) {
        std::vector<double> a(m * k), b(k * n), c(m * n, 0.0 / 0.0);
        auto at_a = [&](int i, int l) -> double & { return transposed ? a[i * k + l] : a[l * m + i]; };
        auto at_b = [&](int l, int j) -> double & { return transposed ? b[l * n + j] : b[j * k + l]; };
        for (int i = 0; i < m; i++)
            for (int l = 0; l < k; l++)
                at_a(i, l) = i - 3 * l;
        for (int l = 0; l < k; l++)
            for (int j = 0; j < n; j++)
                at_b(l, j) = l + j * j;
        uint64_t x = device(a), y = device(b), z = device(c);
        auto run = [&](int lda, const double *factor) {
            return cublasDgemm_v2(blas, transposed, transposed, m, n, k, &alpha, (double *)x, lda, (double *)y,
                                  transposed ? n : k, factor, (double *)z, m);
        };
        EQUAL(run(transposed ? k : m, &beta), 0);
        EQUAL(run(transposed ? k : m, &one), 0);
        EQUAL(run(transposed ? k - 1 : m - 1, &beta), 7);
        EQUAL(run(transposed ? k + 1 : m + 1, &beta), 13);
        auto found = host<double>(z, m * n);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++)
                    sum += at_a(i, l) * at_b(l, j);
                EQUAL(found[j * m + i], 4 * sum);
            }
    }
    float half = 0.5, zero = 0;
    uint64_t x = device(std::vector<float>{1, 2, 3, 4}), y = device(std::vector<float>{5, 6}), z = device(std::vector<float>(4));
    // Two products of a column of two and one number.
    EQUAL(cublasSgemmStridedBatched(blas, 0, 0, 2, 1, 1, &half, (float *)x, 2, 2, (float *)y, 1, 1, &zero, (float *)z, 2, 2, 2), 0);
    auto found = host<float>(z, 4);
    for (int i = 0; i < 4; i++)
        EQUAL(found[i] * 2, (i + 1) * (i < 2 ? 5 : 6));
}

static void put(int at) { EQUAL(launch("put", {}, {}, device(std::vector<float>(1000)), at), 0); }

static uint64_t write_hidden() {
    uint64_t x = device(std::vector<float>(10));
    EQUAL(launch("hidden", {}, {}, x), 0);
    return x;
}

static void third_allocation_fails() {
    uint64_t x;
    for (int code : {0, 0, 2, 2})
        EQUAL(cuMemAlloc_v2(&x, 1), code);
}

static void small_memory() {
    uint64_t x, y;
    EQUAL(cuMemAlloc_v2(&x, 600000), 0);
    EQUAL(cuMemAlloc_v2(&y, 600000), 2);
    EQUAL(cuMemFree_v2(x), 0);
    EQUAL(cuMemAlloc_v2(&y, 600000), 0);
}

int main(int, char **arguments) {
    static const std::map<std::string, std::function<void()>> cases = {
        {"dimensions", dimensions},
        {"barriers", barriers},
        {"skipped_barriers", skipped_barriers},
        {"atomics", atomics},
        {"structures", structures},
        {"numbers", numbers},
        {"limits", limits},
        {"memory", memory},
        {"contexts", contexts},
        {"sources", sources},
        {"products", products},
        {"write_beyond", [] { put(1000); }},
        {"write_before", [] { put(-1); }},
        {"write_far", [] { put(500000000); }},
        {"write_hidden_freed", [] { cuMemFree_v2(write_hidden()); }},
        {"write_hidden_kept", [] { write_hidden(); }},
        {"assertion", [] { launch("asserts", {}, {}, 7); }},
        {"third_allocation_fails", third_allocation_fails},
        {"small_memory", small_memory},
    };
    void *context;
    EQUAL(cuDevicePrimaryCtxRetain(&context, 0), 3);
    EQUAL(cuInit(0), 0);
    EQUAL(cuDevicePrimaryCtxRetain(&context, 0), 0);
    EQUAL(cuCtxSetCurrent(context), 0);
    cases.at(arguments[1])();
    puts("done");
}
