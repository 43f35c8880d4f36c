// Build scripts take the directory that holds this file for a CUDA toolkit; nothing reads it.
#pragma once
