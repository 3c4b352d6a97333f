/** The server was upgraded while this page stood open: parts of the page that are loaded on demand are gone under their old
 * names. Loading the page anew finds the new ones; what was half written is kept as a draft. */

const RELOADED_AT = "hotline.reloaded-at";
/** A second failure this soon is no upgrade: the page then stays, and says what failed. */
const ONCE_WITHIN_MS = 30_000;

export function reloadOnNewVersion(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const before = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
    if (Date.now() - before < ONCE_WITHIN_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED_AT, String(Date.now()));
    location.reload();
  });
}
