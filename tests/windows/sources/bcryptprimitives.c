/* Wine 8 has no bcryptprimitives.dll, from which programs written in Rust take their random
   bytes. Its advapi32 has the same generator under another name. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    const ULONG most = 1u << 30;
    for (SIZE_T done = 0; done < length;) {
        ULONG step = length - done > most ? most : (ULONG)(length - done);
        if (!SystemFunction036(buffer + done, step)) return FALSE;
        done += step;
    }
    return TRUE;
}
