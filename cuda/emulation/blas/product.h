// C = alpha A B + beta C, column by column, as cuBLAS has it.
#pragma once
#include <algorithm>
#include <cstddef>

template <class T> struct Matrix {
    T *start;
    int leading;
    bool transposed;
};

namespace emulation {

void product(Matrix<const float> a, Matrix<const float> b, int m, int n, int k, float alpha, float beta, float *c, int ldc);
void product(Matrix<const double> a, Matrix<const double> b, int m, int n, int k, double alpha, double beta, double *c,
             int ldc);

} // namespace emulation
