/** Records and risk of a session, as the desk and the risk page ask for them. */
import { useCallback } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Assessment, Mark, RiskCase, RiskForm, WholeRiskCase } from '../../../contract/risk.js';
import type { SessionRecord } from '../../../contract/session-record.js';
import { get, getPage } from '../api/http.js';
import { usePage, type Query } from '../api/step.js';

/** Everything below stands under this key, so that one call renews what a step has changed. */
export const CARE = 'care';

export function useRenewCare() {
  const cache = useQueryClient();
  return useCallback(() => cache.invalidateQueries({ queryKey: [CARE] }), [cache]);
}

export const useRecord = (session: string, enabled = true) =>
  useQuery({
    queryKey: [CARE, 'record', session],
    queryFn: ({ signal }) => get<SessionRecord>(`/api/v1/conversations/${session}/record`, undefined, signal),
    enabled,
  });

export const useRiskForms = () =>
  useQuery({
    queryKey: ['risk-forms'],
    queryFn: ({ signal }) => get<RiskForm[]>('/api/v1/risk-forms', undefined, signal),
    staleTime: Infinity,
  });

export const useAssessments = (session: string) =>
  useQuery({
    queryKey: [CARE, 'assessments', session],
    queryFn: ({ signal }) =>
      get<Assessment[]>(`/api/v1/conversations/${session}/risk-assessments`, undefined, signal),
  });

export const useMarks = (session: string) =>
  useQuery({
    queryKey: [CARE, 'marks', session],
    queryFn: ({ signal }) => get<Mark[]>(`/api/v1/conversations/${session}/marks`, undefined, signal),
  });

/** The case of one session, if it has one. */
export const useCaseOf = (session: string) =>
  useQuery({
    queryKey: [CARE, 'case-of', session],
    queryFn: async ({ signal }) => {
      const { rows } = await getPage<RiskCase>('/api/v1/risk-cases', { conversation: session }, signal);
      return rows[0] ?? null;
    },
  });

export const useWholeCase = (id: string) =>
  useQuery({
    queryKey: [CARE, 'case', id],
    queryFn: ({ signal }) => get<WholeRiskCase>(`/api/v1/risk-cases/${id}`, undefined, signal),
  });

/** A page of a list under /api/v1. */
export const useCareList = <Row>(path: string, query: Query) => usePage<Row>(CARE, path, query);
