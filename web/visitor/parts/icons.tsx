/** Line icons, drawn here so that nothing has to be fetched. */
const paths = {
  back: 'M15 5l-7 7 7 7',
  phone:
    'M6 3h3l2 5-2.2 1.6a12 12 0 0 0 5.6 5.6L16 13l5 2v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4 5.2 2 2 0 0 1 6 3z',
  leave: 'M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h10',
  send: 'M12 19V6M6 12l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  check: 'M5 13l4 4L19 7',
  alert: 'M12 8v5M12 16v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  clock: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  star: 'M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z',
  list: 'M5 6h14M5 12h14M5 18h9',
  next: 'M9 5l7 7-7 7',
  heart: 'M12 20c-5-3.6-8-6.3-8-9.7A4.3 4.3 0 0 1 12 8a4.3 4.3 0 0 1 8 2.3c0 3.4-3 6.1-8 9.7z',
} as const;

export const Icon = ({ name, filled = false }: { name: keyof typeof paths; filled?: boolean }) => (
  <svg
    className="icon"
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill={filled ? 'currentColor' : 'none'}
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={paths[name]} />
  </svg>
);
