/**
 * An address as everyone may see it: enough to tell two apart at a glance, too little to write to. Also for texts that
 * are no address: they may be a name or a phone number.
 */
export function maskAddress(text: string): string {
  const address = text.trim();
  const at = address.lastIndexOf('@');
  if (at < 1) return `${firstOf(address)}***`;
  const host = address.slice(at + 1);
  const dot = host.lastIndexOf('.');
  const ending = dot < 1 ? '' : host.slice(dot);
  return `${firstOf(address)}***@${firstOf(host)}***${ending}`;
}

function firstOf(text: string): string {
  return [...text][0] ?? '';
}
