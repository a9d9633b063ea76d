/** Colleagues by role, as anybody of the institution may list them (document sections 10a, 10b). */
import { useQuery } from '@tanstack/react-query';
import type { StaffRow } from '../../../contract/user.js';
import { getPage } from './http.js';

const LISTS = { COUNSELOR: '/user/ms/counselor/list', SUPERVISOR: '/user/ms/supervisor/list' } as const;

export function useStaff(kind: keyof typeof LISTS, enabled = true) {
  return useQuery({
    queryKey: ['staff', kind],
    queryFn: ({ signal }) => getPage<StaffRow>(LISTS[kind], { size: 200 }, signal),
    staleTime: 60_000,
    enabled,
  });
}

/** A colleague's name by their id. */
export function useStaffName(kind: keyof typeof LISTS): (id: string) => string {
  const rows = useStaff(kind).data?.rows ?? [];
  const names = new Map(rows.map(({ id, name, username }) => [id, name ?? username]));
  return (id) => names.get(id) ?? id;
}

export const staffLabel = ({ id, name, username, department }: StaffRow) =>
  [name ?? username ?? id, department].filter(Boolean).join(' · ');
