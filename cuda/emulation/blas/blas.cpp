// The emulated cuBLAS: products of matrices, with cuBLAS's checks of their arguments.
#include "../faults.h"
#include "product.h"
#include <cstdio>

enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13 };

struct Handle {};

// The driver's: whether these bytes are in one allocation.
extern "C" bool emulated_memory(const void *pointer, size_t bytes);

EXPORT int cublasCreate_v2(Handle **handle) {
    FAIL_ON_DEMAND();
    *handle = new Handle;
    return SUCCESS;
}

EXPORT int cublasDestroy_v2(Handle *handle) {
    FAIL_ON_DEMAND();
    delete handle;
    return handle ? SUCCESS : NOT_INITIALIZED;
}

EXPORT int cublasSetStream_v2(Handle *handle, void *) {
    FAIL_ON_DEMAND();
    return handle ? SUCCESS : NOT_INITIALIZED;
}

EXPORT int cublasSetWorkspace_v2(Handle *handle, void *, size_t) {
    FAIL_ON_DEMAND();
    return handle ? SUCCESS : NOT_INITIALIZED;
}

EXPORT int cublasSetMathMode(Handle *handle, int) {
    FAIL_ON_DEMAND();
    return handle ? SUCCESS : NOT_INITIALIZED;
}

EXPORT int cublasGetVersion_v2(Handle *handle, int *version) {
    FAIL_ON_DEMAND();
    *version = 130000;
    return handle ? SUCCESS : NOT_INITIALIZED;
}

EXPORT const char *cublasGetStatusName(int status) {
    switch (status) {
    case SUCCESS:
        return "CUBLAS_STATUS_SUCCESS";
    case NOT_INITIALIZED:
        return "CUBLAS_STATUS_NOT_INITIALIZED";
    case INVALID_VALUE:
        return "CUBLAS_STATUS_INVALID_VALUE";
    case EXECUTION_FAILED:
        return "CUBLAS_STATUS_EXECUTION_FAILED";
    case 15:
        return "CUBLAS_STATUS_NOT_SUPPORTED";
    default:
        return "an unknown status";
    }
}

EXPORT const char *cublasGetStatusString(int status) { return cublasGetStatusName(status); }

// A matrix of `rows` and `columns`, as it lies in memory, `stride` elements before the next of `count`.
template <class T> static bool in_memory(const T *start, int rows, int columns, int leading, long long stride, int count) {
    if (rows == 0 || columns == 0 || count == 0)
        return true;
    size_t last = size_t(stride) * (count - 1) + size_t(leading) * (columns - 1) + rows;
    return emulated_memory(start, last * sizeof(T));
}

template <class T>
static int products(Handle *handle, int transpose_a, int transpose_b, int m, int n, int k, const T *alpha, const T *a,
                    int lda, long long stride_a, const T *b, int ldb, long long stride_b, const T *beta, T *c, int ldc,
                    long long stride_c, int count) {
    if (!handle)
        return NOT_INITIALIZED;
    if (m < 0 || n < 0 || k < 0 || count < 0 || transpose_a < 0 || transpose_a > 2 || transpose_b < 0 || transpose_b > 2)
        return INVALID_VALUE;
    int rows_a = transpose_a ? k : m, columns_a = transpose_a ? m : k;
    int rows_b = transpose_b ? n : k, columns_b = transpose_b ? k : n;
    if (lda < std::max(1, rows_a) || ldb < std::max(1, rows_b) || ldc < std::max(1, m) || !alpha || !beta)
        return INVALID_VALUE;
    if (m == 0 || n == 0 || count == 0)
        return SUCCESS;
    if (!in_memory(a, rows_a, columns_a, lda, stride_a, count) || !in_memory(b, rows_b, columns_b, ldb, stride_b, count) ||
        !in_memory(c, m, n, ldc, stride_c, count)) {
        fprintf(stderr, "emulated cuBLAS: a product of %d x %d x %d reaches beyond its allocations\n", m, k, n);
        return EXECUTION_FAILED;
    }
    for (int i = 0; i < count; i++)
        emulation::product(Matrix<const T>{a + i * stride_a, lda, transpose_a != 0},
                           Matrix<const T>{b + i * stride_b, ldb, transpose_b != 0}, m, n, k, *alpha, *beta,
                           c + i * stride_c, ldc);
    return SUCCESS;
}

#define GEMM(letter, T)                                                                                                \
    EXPORT int cublas##letter##gemm_v2(Handle *handle, int ta, int tb, int m, int n, int k, const T *alpha, const T *a, \
                                       int lda, const T *b, int ldb, const T *beta, T *c, int ldc) {                   \
        FAIL_ON_DEMAND();                                                                                              \
        return products(handle, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);                     \
    }                                                                                                                  \
    EXPORT int cublas##letter##gemmStridedBatched(Handle *handle, int ta, int tb, int m, int n, int k, const T *alpha, \
                                                  const T *a, int lda, long long stride_a, const T *b, int ldb,        \
                                                  long long stride_b, const T *beta, T *c, int ldc,                    \
                                                  long long stride_c, int count) {                                     \
        FAIL_ON_DEMAND();                                                                                              \
        return products(handle, ta, tb, m, n, k, alpha, a, lda, stride_a, b, ldb, stride_b, beta, c, ldc, stride_c,    \
                        count);                                                                                        \
    }
GEMM(S, float)
GEMM(D, double)
