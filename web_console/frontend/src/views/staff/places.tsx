import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Role } from "../../data/people";
import { fetchOrganisations, fetchPlaces, kindsOf } from "../../data/staff";
import { usePick, useWords } from "../../words/words";

/** Districts and organisations by their names. */
export function usePlaces() {
  const pick = usePick();
  const places = useQuery({ queryKey: ["districts"], queryFn: fetchPlaces, staleTime: Number.POSITIVE_INFINITY }).data?.items ?? [];
  const known = useQuery({ queryKey: ["organisations"], queryFn: fetchOrganisations }).data?.items ?? [];
  const named = (pair: object | undefined, given: string | null) => (pair ? pick(pair) : (given ?? "–"));
  return {
    places: places.map((one) => ({ value: one.zh, label: pick(one) })),
    organisations: known,
    place: (district: string | null) => named(places.find((one) => one.zh === district), district),
    organisation: (id: string | null) => named(known.find((one) => one.id === id), id),
  };
}

interface Props {
  roles: readonly Role[];
  district: string;
  organisation: string;
  set: (change: { district?: string; organisation?: string }) => void;
}

/** Where an account works, and for roles that belong to one, for which organisation. */
export function PlaceFields({ roles, district, organisation, set }: Props) {
  const t = useWords("staff");
  const pick = usePick();
  const { places, organisations } = usePlaces();
  const kinds = kindsOf(roles);
  const fitting = organisations.filter((one) => kinds.includes(one.kind)).map((one) => ({ value: one.id, label: pick(one) }));
  const listed = places.some((one) => one.value === district) || district === "" ? places : [...places, { value: district, label: district }];
  return (
    <>
      <Select label={t("district")} data={listed} value={district || null} onChange={(value) => set({ district: value ?? "" })} searchable clearable={district === ""} data-testid="staff-district" />
      {kinds.length > 0 ? (
        <Select label={t("organisation")} description={t("organisation_help")} data={fitting} value={organisation || null} onChange={(value) => set({ organisation: value ?? "" })} searchable required nothingFoundMessage={t("organisation_none")} data-testid="staff-organisation" />
      ) : null}
    </>
  );
}
