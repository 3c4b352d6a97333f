import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation, useParams, useSearch } from "wouter";
import { filtersFrom, lanesOf, NO_FILTERS, queryOf } from "../../data/referralBoard";
import { loadReferrals } from "../../data/referralCommands";
import type { Referral } from "../../data/referrals";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { ApplicationDialog } from "./ApplicationDialog";
import { FilterBar } from "./FilterBar";
import { Lanes } from "./Lanes";
import { MoveDialog } from "./MoveDialog";
import { OwnPlaces } from "./OwnPlaces";
import { ReferralDrawer } from "./ReferralDrawer";
import classes from "./Referrals.module.css";
import { useCodes } from "./useCodes";

export interface Asked {
  referral: Referral;
  move: Referral["next_moves"][number];
}

/** Every referral that this person may see, by stage; the same board for all its parties. */
export default function ReferralBoard() {
  const t = useWords("referrals");
  const user = useUser();
  const codes = useCodes();
  const { id } = useParams<{ id?: string }>();
  const [, go] = useLocation();
  const search = useSearch();
  const filters = useMemo(() => filtersFrom(search), [search]);
  const ready = useKnown((known) => known.ready);
  const generation = useKnown((known) => known.generation);
  const referrals = useKnown((known) => known.referrals);
  const { error, refetch } = useQuery({ queryKey: ["referrals", generation], queryFn: loadReferrals, enabled: ready });
  const lanes = useMemo(() => lanesOf(referrals, filters), [referrals, filters]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [filing, setFiling] = useState(false);
  if (!ready) return <Loading rows={5} />;
  const count = Object.values(lanes).reduce((sum, lane) => sum + lane.length, 0);
  const own = codes.institutions.find((each) => each.id === user.organisation_id);
  const filtered = queryOf(filters) !== "";
  const files = may(user, "referral.file") && !may(user, "contact.serve");
  const nothing = filtered ? { title: t("none_filtered") } : { title: t("none"), body: t(files ? "none_file" : own ? "none_own" : "none_body") };
  const place = `/referrals${id ? `/${id}` : ""}`;
  return (
    <div className={classes["page"]} data-testid="referral-board">
      <header className={classes["header"]}>
        <h1>{t("title")}</h1>
        <FilterBar filters={filters} codes={codes} onChange={(next) => go(`${place}?${queryOf(next)}`, { replace: true })} onClear={() => go(`${place}?${queryOf(NO_FILTERS)}`, { replace: true })} />
        {own && may(user, "rehabilitation.work") ? <OwnPlaces institution={own} /> : null}
        {files ? (
          <Button onClick={() => setFiling(true)} leftSection={<Icon name="plus" size={16} />} data-testid="referral-new">
            {t("new")}
          </Button>
        ) : null}
      </header>
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {count === 0 ? <Empty icon="transfer" {...nothing} /> : <Lanes lanes={lanes} codes={codes} selectedId={id} onOpen={(referral) => go(`/referrals/${referral.id}`)} onMove={setAsked} />}
      <ReferralDrawer id={id} codes={codes} onClose={() => go("/referrals")} onMove={setAsked} />
      {asked ? <MoveDialog key={`${asked.referral.id} ${asked.move.move}`} asked={asked} codes={codes} onClose={() => setAsked(null)} /> : null}
      <ApplicationDialog opened={filing} codes={codes} onClose={() => setFiling(false)} onFiled={(referral) => go(`/referrals/${referral.id}`)} />
    </div>
  );
}
