#include "product.h"
#include <vector>

namespace emulation {

#ifdef __x86_64__
#define FOR_THIS_PROCESSOR __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif

static const int ROWS = 512; // of A at a time: a column of them stays in the cache next to the processor

// sum[i] += a[i, l] * b[l], four columns of A in one go.
template <class T>
static inline __attribute__((always_inline)) void accumulate(const T *__restrict__ a, int rows, int k,
                                                             const T *__restrict__ b, T *__restrict__ sum) {
    int l = 0;
    for (; l + 4 <= k; l += 4, a += 4 * rows)
        for (int i = 0; i < rows; i++)
            sum[i] += a[i] * b[l] + a[rows + i] * b[l + 1] + a[2 * rows + i] * b[l + 2] + a[3 * rows + i] * b[l + 3];
    for (; l < k; l++, a += rows)
        for (int i = 0; i < rows; i++)
            sum[i] += a[i] * b[l];
}

template <class T> static T at(Matrix<const T> matrix, int row, int column) {
    return matrix.transposed ? matrix.start[(size_t)row * matrix.leading + column]
                             : matrix.start[(size_t)column * matrix.leading + row];
}

template <class T>
static inline __attribute__((always_inline)) void multiply(Matrix<const T> a, Matrix<const T> b, int m, int n, int k,
                                                           T alpha, T beta, T *c, int ldc) {
    std::vector<T> columns((size_t)k * n), panel, sum;
    for (int j = 0; j < n; j++)
        for (int l = 0; l < k; l++)
            columns[(size_t)j * k + l] = at(b, l, j);
    for (int first = 0; first < m; first += ROWS) {
        int rows = std::min(ROWS, m - first);
        panel.resize((size_t)rows * k);
        for (int l = 0; l < k; l++)
            for (int i = 0; i < rows; i++)
                panel[(size_t)l * rows + i] = at(a, first + i, l);
        for (int j = 0; j < n; j++) {
            sum.assign(rows, 0);
            accumulate(panel.data(), rows, k, columns.data() + (size_t)j * k, sum.data());
            T *out = c + (size_t)j * ldc + first;
            // With beta == 0, C may hold anything.
            for (int i = 0; i < rows; i++)
                out[i] = beta == 0 ? alpha * sum[i] : alpha * sum[i] + beta * out[i];
        }
    }
}

FOR_THIS_PROCESSOR void product(Matrix<const float> a, Matrix<const float> b, int m, int n, int k, float alpha,
                                float beta, float *c, int ldc) {
    multiply(a, b, m, n, k, alpha, beta, c, ldc);
}

FOR_THIS_PROCESSOR void product(Matrix<const double> a, Matrix<const double> b, int m, int n, int k, double alpha,
                                double beta, double *c, int ldc) {
    multiply(a, b, m, n, k, alpha, beta, c, ldc);
}

} // namespace emulation
