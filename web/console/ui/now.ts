/** One ticking clock for the whole page, corrected by what the server's sync said. */
import { useEffect, useState } from 'react';
import { create } from 'zustand';

export const useClockOffset = create<{ offset: number }>()(() => ({ offset: 0 }));

export const serverNow = () => Date.now() + useClockOffset.getState().offset;

/** The server's time, renewed each `every` ms; rows of a list share the second they show. */
export function useNow(every = 1000): number {
  const offset = useClockOffset((state) => state.offset);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, every);
    return () => {
      clearInterval(timer);
    };
  }, [every]);
  return now + offset;
}
