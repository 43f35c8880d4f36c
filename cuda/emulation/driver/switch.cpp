#include "switch.h"

// By hand where possible: swapcontext asks the kernel about signals each time, which costs a hundred times as much.
namespace emulation {

#if defined(__x86_64__)

// Saves what a function has to keep for its caller on the stack, changes the stack, and restores it from there. A `ret`
// would be predicted to go back to the stack it leaves.
asm(R"(
    .text
    .type emulation_switch, @function
emulation_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx
    .size emulation_switch, . - emulation_switch
)");
extern "C" void emulation_switch(void **from, void *to);

void make_context(Context &context, void *stack, size_t size, void (*entry)()) {
    auto top = (void **)((char *)stack + size);
    *--top = nullptr; // where `entry` would return to; the stack is aligned as after a call
    *--top = (void *)entry;
    for (int saved = 0; saved < 6; saved++)
        *--top = nullptr;
    context.stack_pointer = top;
}

void switch_context(Context &from, Context &to) { emulation_switch(&from.stack_pointer, to.stack_pointer); }

#elif defined(__aarch64__)

asm(R"(
    .text
    .type emulation_switch, %function
emulation_switch:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .size emulation_switch, . - emulation_switch
)");
extern "C" void emulation_switch(void **from, void *to);

void make_context(Context &context, void *stack, size_t size, void (*entry)()) {
    auto top = (void **)((char *)stack + size) - 20;
    for (int saved = 0; saved < 20; saved++)
        top[saved] = nullptr;
    top[11] = (void *)entry; // x30
    context.stack_pointer = top;
}

void switch_context(Context &from, Context &to) { emulation_switch(&from.stack_pointer, to.stack_pointer); }

#else

void make_context(Context &context, void *stack, size_t size, void (*entry)()) {
    getcontext(&context.registers);
    context.registers.uc_stack.ss_sp = stack;
    context.registers.uc_stack.ss_size = size;
    context.registers.uc_link = nullptr;
    makecontext(&context.registers, entry, 0);
}

void switch_context(Context &from, Context &to) { swapcontext(&from.registers, &to.registers); }

#endif

} // namespace emulation
