// What the browser remembers for this site.

/**
 * @param {"localStorage" | "sessionStorage"} kind for the site, or for this tab
 * @returns {Storage | null} null where the browser forbids it, as in many frames of other sites
 */
export function storage(kind) {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
