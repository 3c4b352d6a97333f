import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { usePick } from "../words/words";

/** Languages (their codes begin with `language:`) and what else contacts may need: one list, the operator's part of it last. */
export type Skill = Schemas["SkillView"];
export type Skills = Schemas["Skills"];

export const LEVELS = [1, 2, 3, 4, 5] as const;

export const isLanguage = (code: string): boolean => code.startsWith("language:");

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
