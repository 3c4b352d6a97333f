/** A link that opens the place on a map: the phone's own application, in a desktop browser Amap's page. */
export function mapLink(place: string, userAgent: string): string {
  const asked = encodeURIComponent(place);
  if (/iPhone|iPad/.test(userAgent)) return `maps://?q=${asked}`;
  if (/Android|HarmonyOS/.test(userAgent)) return `geo:0,0?q=${asked}`;
  return `https://uri.amap.com/search?keyword=${asked}`;
}

/** A number as a `tel:` link needs it: without blanks and dashes. Masked numbers cannot be called. */
export function callLink(number: string): string | null {
  const plain = number.replace(/[^\d+]/g, "");
  return plain.length < 3 || number.includes("*") ? null : `tel:${plain}`;
}
