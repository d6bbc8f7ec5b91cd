import { spawn } from 'node:child_process';

/**
 * Opens an address with the system's program for it. The address is one argument of a program, never a line of a
 * shell. Resolves to false where there is no such program, or it fails within two seconds.
 * @param url an absolute http, https or mailto address as the URL parser writes it
 */
export function openWithSystem(url: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [program, ...args] = opener(platform);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
    // Some openers stay as long as the browser is open: still running is as good as done.
    const running = setTimeout(() => {
      child.unref();
      resolve(true);
    }, 2000);
    child.once('error', () => {
      clearTimeout(running);
      resolve(false);
    });
    child.once('exit', (code) => {
      clearTimeout(running);
      resolve(code === 0);
    });
  });
}

function opener(platform: NodeJS.Platform): [string, ...string[]] {
  // Not `start`, which only a shell knows, and which reads `&` in an address.
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler'];
  return platform === 'darwin' ? ['open'] : ['xdg-open'];
}
