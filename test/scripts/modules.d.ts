// The bootstrap is plain JavaScript without declarations (it runs before anything is installed).
declare module '*.mjs';
