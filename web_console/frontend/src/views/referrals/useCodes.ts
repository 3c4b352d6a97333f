import { useQuery } from "@tanstack/react-query";
import type { Coded } from "../../data/contactCommands";
import { fetchClosureCodes, fetchDistricts, fetchInstitutions, fetchNeeds, type Institution } from "../../data/referralCommands";
import { usePick } from "../../words/words";

/** Code lists hardly ever change: once per page. */
const ONCE = { staleTime: Number.POSITIVE_INFINITY };
const NONE: readonly never[] = [];

export interface Codes {
  needs: readonly Coded[];
  closure: readonly Coded[];
  districts: readonly Coded[];
  institutions: readonly Institution[];
  need: (code: string) => string;
  district: (code: string) => string;
  closureWord: (code: string) => string;
}

export function useCodes(): Codes {
  const pick = usePick();
  const needs = useQuery({ queryKey: ["rehabilitation", "needs"], queryFn: fetchNeeds, ...ONCE }).data?.items ?? NONE;
  const closure = useQuery({ queryKey: ["rehabilitation", "closure-codes"], queryFn: fetchClosureCodes, ...ONCE }).data?.items ?? NONE;
  const institutions = useQuery({ queryKey: ["rehabilitation", "institutions"], queryFn: fetchInstitutions }).data?.items ?? NONE;
  const districts = useQuery({ queryKey: ["rehabilitation", "districts"], queryFn: fetchDistricts, ...ONCE }).data?.items ?? NONE;
  const word = (list: readonly Coded[]) => (code: string) => {
    const found = list.find((each) => each.code === code);
    return found ? pick(found) : code;
  };
  return { needs, closure, districts, institutions, district: word(districts), need: word(needs), closureWord: word(closure) };
}
