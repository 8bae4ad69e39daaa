@echo off
rem Starts LlmSpell on Windows; builds it on first use.
rem
rem NOT RUN by its authors, who have no Windows machine: reports are welcome. Unlike the bash
rem launcher it does not look whether sources have changed (remove llmspell-cli\target\runner to
rem build again) and keeps no archive of loaded classes, so it starts more slowly.
rem
rem   JAVA_HOME           the JDK to use (17 or newer); else the java on PATH
rem   LLMSPELL_JAVA_OPTS  more flags for that JVM, such as -Xmx4g
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "RUNNER=%ROOT%llmspell-cli\target\runner"

set "JAVA=java.exe"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "JAVA=%JAVA_HOME%\bin\java.exe"
set "MAJOR="
for /f "tokens=3" %%v in ('""%JAVA%" -version 2>&1" ^| findstr /c:" version "') do if not defined MAJOR for /f "tokens=1,2 delims=.-" %%a in ("%%~v") do if "%%a"=="1" (set "MAJOR=%%b") else (set "MAJOR=%%a")
if not defined MAJOR (
  echo llmspell: no Java found. Install a JDK 17 or newer, or set JAVA_HOME to one. 1>&2
  exit /b 3
)
if %MAJOR% LSS 17 (
  echo llmspell: Java %MAJOR% is too old. Install a JDK 17 or newer, or set JAVA_HOME to one. 1>&2
  exit /b 3
)

if exist "%RUNNER%\started" goto start
where mvn >nul 2>nul
if errorlevel 1 (
  echo llmspell: Maven is not installed; it is needed once, to build LlmSpell. Install Maven 3.8 or newer, so that mvn is on PATH. 1>&2
  exit /b 3
)
if not exist "%RUNNER%" mkdir "%RUNNER%"
echo llmspell: building (first use, about a minute) ... 1>&2
pushd "%ROOT%"
call mvn -q -B -Dllmspell.quick -Dmaven.test.skip=true -pl llmspell-cli -am package <nul >"%RUNNER%\build.log" 2>&1
set "BUILT=%ERRORLEVEL%"
popd
if not "%BUILT%"=="0" (
  type "%RUNNER%\build.log" 1>&2
  echo llmspell: the build failed; its log is "%RUNNER%\build.log" 1>&2
  exit /b 3
)

:start
set "NEWER="
if %MAJOR% GEQ 23 set "NEWER=--sun-misc-unsafe-memory-access=allow"
if %MAJOR% GEQ 24 set "NEWER=%NEWER% --enable-native-access=ALL-UNNAMED"
"%JAVA%" -XX:TieredStopAtLevel=1 -Xlog:disable %NEWER% %LLMSPELL_JAVA_OPTS% -cp "%RUNNER%\lib\*" io.llmspell.cli.Main %*
exit /b %ERRORLEVEL%
