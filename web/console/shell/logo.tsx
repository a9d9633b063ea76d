export function Logo({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" className="logo">
      <rect width="64" height="64" rx="16" fill="var(--accent)" />
      <path
        d="M32 49C21 41.5 14 34.5 14 26.5 14 20.7 18.5 16.5 23.7 16.5c3.3 0 6.4 1.7 8.3 4.5 1.9-2.800 5-4.5 8.3-4.5C45.5 16.5 50 20.7 50 26.5 50 34.5 43 41.5 32 49Z"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="4.5"
        strokeLinejoin="round"
      />
    </svg>
  );
}
