/** A coloured initial: enough to tell two visitors apart, and nothing to load. A plain element. */
import type { UserCard } from '../../../contract/user.js';

const HUES = [168, 205, 262, 28, 340, 130, 45, 230];

export function hueOf(id: string) {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return HUES[sum % HUES.length] ?? 168;
}

export function Avatar({ user, size = 36 }: { user: Pick<UserCard, 'id' | 'name'> | null; size?: number }) {
  const initial = Array.from(user?.name?.trim() || '?')[0] ?? '?';
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ width: size, height: size, fontSize: size * 0.42, ['--hue' as string]: hueOf(user?.id ?? '') }}
    >
      {initial}
    </span>
  );
}
