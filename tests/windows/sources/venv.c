/* What CPython calls venvlauncher.exe: finds the Python that an environment was made from
   in its pyvenv.cfg, and starts it so that it knows the environment it runs for. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

#ifndef PROGRAM
#define PROGRAM L"python.exe"
#endif

static int fail(int code, const char *reason) {
    fprintf(stderr, "venv: %s\n", reason);
    return code;
}

static void cut_last(wchar_t *path) {
    wchar_t *slash = wcsrchr(path, L'\\');
    if (slash) *slash = 0;
}

int wmain(int count, wchar_t **arguments) {
    wchar_t launcher[MAX_PATH], path[MAX_PATH] = L"", program[MAX_PATH] = L"";
    char line[2048];
    GetModuleFileNameW(NULL, launcher, MAX_PATH);
    wcscpy(path, launcher);
    cut_last(path);
    cut_last(path);
    wcscat(path, L"\\pyvenv.cfg");

    FILE *config = _wfopen(path, L"r");
    if (!config) return fail(106, "no pyvenv.cfg above this program");
    while (fgets(line, sizeof line, config)) {
        char *value = strchr(line, '=');
        if (!value || strncmp(line, "home", 4)) continue;
        value += 1 + strspn(value + 1, " ");
        value[strcspn(value, "\r\n")] = 0;
        MultiByteToWideChar(CP_UTF8, 0, value, -1, program, MAX_PATH - 16);
    }
    fclose(config);
    wcscat(program, L"\\" PROGRAM);

    SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", launcher);
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    DWORD code = 1;
    GetStartupInfoW(&start);
    if (!CreateProcessW(program, GetCommandLineW(), NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return fail(101, "the Python that this environment was made from does not start");
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return (int)code;
}
