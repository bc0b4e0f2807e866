/* python.exe and pythonw.exe: give the command line to the Python DLL beside them. */
#include <windows.h>

int Py_Main(int count, wchar_t **arguments);

#ifdef WITHOUT_CONSOLE
int WINAPI wWinMain(HINSTANCE self, HINSTANCE unused, LPWSTR line, int show) {
    return Py_Main(__argc, __wargv);
}
#else
int wmain(int count, wchar_t **arguments) { return Py_Main(count, arguments); }
#endif
