import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { usePick } from "../words/words";

/** What contacts may need beside a language; the operator's list. */
export type Skill = Schemas["SkillView"];
export type Skills = Schemas["Skills"];

export const LEVELS = [1, 2, 3, 4, 5] as const;

export const fetchSkills = () => http.get<Skills>("/api/skills");

export const useSkills = () => useQuery({ queryKey: ["skills"], queryFn: fetchSkills, staleTime: Number.POSITIVE_INFINITY }).data;

/** A skill's name in the reader's language; its code until the list is there. */
export function useSkillName(): (code: string) => string {
  const pick = usePick();
  const skills = useSkills();
  return useCallback(
    (code) => {
      const skill = skills?.items.find((one) => one.code === code);
      return skill ? pick(skill) : code;
    },
    [skills, pick],
  );
}
