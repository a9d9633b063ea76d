/** What admins ask for of their house; every step there makes all of it be asked for anew. */
import { createContext, useContext } from 'react';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/http.js';
import { usePage, useStepOf, type Query } from '../api/step.js';

export const HOUSE = 'house';

/** The institution that the page is about: another than one's own only where a system admin chose it. */
export type Whose = { institution?: string };
const WhoseContext = createContext<Whose>({});
export const WhoseProvider = WhoseContext.Provider;
/** What is asked or told of one institution carries this. */
export const useWhose = (): Whose => useContext(WhoseContext);

/** @param path below /api/v1/ */
export const useHouse = <Answer>(path: string, query: Query = {}) =>
  useQuery({
    queryKey: [HOUSE, path, query],
    queryFn: ({ signal }) => get<Answer>(`/api/v1/${path}`, query, signal),
  });

export const useHouseList = <Row>(path: string, query: Query) => usePage<Row>(HOUSE, path, query);

export const useHouseStep = <Answer = unknown>(done?: (answer: Answer) => void) =>
  useStepOf<Answer>(HOUSE, done);
