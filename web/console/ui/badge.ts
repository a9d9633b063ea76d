/** The unread count in the title and on the favicon. This module alone owns both. */
const PLAIN = document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href ?? '';
let shown = 0;
let title = '';

function write() {
  document.title = shown > 0 ? `(${String(shown)}) ${title}` : title;
}

export function setTitle(next: string) {
  title = next;
  write();
}

function draw(image: HTMLImageElement | null, count: number) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  if (!pen) return PLAIN;
  if (image) pen.drawImage(image, 0, 0, 64, 64);
  pen.fillStyle = '#c8342a';
  pen.beginPath();
  pen.arc(44, 20, 20, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = '#fff';
  pen.font = 'bold 28px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(count > 9 ? '9+' : String(count), 44, 22);
  return canvas.toDataURL('image/png');
}

export function setUnread(count: number) {
  if (count === shown) return;
  shown = count;
  write();
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  if (count === 0) {
    link.href = PLAIN;
    return;
  }
  const image = new Image();
  const put = (base: HTMLImageElement | null) => {
    // Another count may have come while the picture loaded.
    if (shown === count) link.href = draw(base, count);
  };
  image.onload = () => {
    put(image);
  };
  image.onerror = () => {
    put(null);
  };
  image.src = PLAIN;
}
