/** The institution that a page is about: one's own, or for who looks after all of them the one that they chose. */
import { useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InstitutionRow } from '../../../contract/institution.js';
import { get } from '../api/http.js';
import { useMe } from '../state/session.js';
import { Picker } from '../ui/picker.js';
import { HOUSE, type Whose } from './api.js';

interface Chosen {
  code: string;
  /** What requests about it carry. */
  whose: Whose;
  /** The choice, for the page's head; nothing for those who have none. */
  tools: { tools?: ReactNode };
}

export function useChosenHouse(): Chosen {
  const me = useMe();
  const [code, setCode] = useState(me.institutionCode);
  if (me.type !== 'SYSTEM_ADMINISTRATOR') return { code, whose: {}, tools: {} };
  return {
    code,
    whose: { institution: code },
    tools: { tools: <WhichHouse value={code} onChange={setCode} /> },
  };
}

function WhichHouse({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const { t } = useTranslation();
  const list = useQuery({
    queryKey: [HOUSE, 'institutions'],
    queryFn: ({ signal }) => get<InstitutionRow[]>('/api/v1/institutions', undefined, signal),
  });
  return (
    <Picker
      className="which-house"
      label={t('audit.institution')}
      data-testid="which-house"
      loading={list.isPending}
      value={value}
      options={(list.data ?? [{ code: value, name: null }]).map(({ code, name }) => ({
        value: code,
        label: name ?? code,
      }))}
      onChange={onChange}
    />
  );
}
