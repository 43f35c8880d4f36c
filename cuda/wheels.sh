# For the scripts here: NVIDIA's tools from PyPI, of one version. Newer nvcc and NVRTC write PTX that older drivers refuse.
# Wants `target`.

# Each set in a directory of its own: pip would replace one by the other.
wheels() { echo "$target/cuda/wheels/$1/nvidia/cu13"; }

fetch() { # SET PACKAGES...
    local directory=$target/cuda/wheels/$1
    [[ ! -e $directory/complete ]] || return 0
    echo "Fetching ${*:2}" >&2
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --no-cache-dir \
        --no-compile --upgrade --target "$directory" "${@:2}"
    touch "$directory/complete"
}

fetch_compiler() {
    fetch compiler nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-cuda-runtime==13.0.96 \
        nvidia-cuda-cccl==13.0.85
}

fetch_nvrtc() {
    fetch nvrtc nvidia-cuda-nvrtc==13.0.88
}
