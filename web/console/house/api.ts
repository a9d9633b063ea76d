/** What admins ask for of their house; every step there makes all of it be asked for anew. */
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/http.js';
import { usePage, useStepOf, type Query } from '../api/step.js';

export const HOUSE = 'house';

/** @param path below /api/v1/ */
export const useHouse = <Answer>(path: string) =>
  useQuery({
    queryKey: [HOUSE, path],
    queryFn: ({ signal }) => get<Answer>(`/api/v1/${path}`, undefined, signal),
  });

export const useHouseList = <Row>(path: string, query: Query) => usePage<Row>(HOUSE, path, query);

export const useHouseStep = <Answer = unknown>(done?: (answer: Answer) => void) =>
  useStepOf<Answer>(HOUSE, done);
