/** Who is on duty today; asked again when the page comes to the front and once a minute while it is there. */
import { useEffect, useState } from 'react';
import type { DutyRow } from '../../../contract/arrange.js';
import { api } from '../hotline.js';

const AGAIN = 60_000;

export const isFree = (row: DutyRow) => row.state === 'online' && row.activeCount < row.maxConsults;

export function useDuty(): DutyRow[] | null {
  const [rows, setRows] = useState<DutyRow[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = () => {
      if (document.visibilityState === 'visible') {
        api
          .get<DutyRow[]>(`/arrange/theday?timestamp=${String(Date.now())}&type=COUNSELOR`)
          .then((answer) => {
            if (wanted) {
              setRows([...answer].sort((a, b) => Number(isFree(b)) - Number(isFree(a))));
            }
          })
          // The list stays as it was; the next round asks again.
          .catch(() => undefined);
      }
    };
    load();
    const timer = setInterval(load, AGAIN);
    document.addEventListener('visibilitychange', load);
    return () => {
      wanted = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', load);
    };
  }, []);
  return rows;
}
