import { Tabs } from "@mantine/core";
import { useLocation, useParams } from "wouter";
import { may, useUser } from "../../data/session";
import { useWords } from "../../words/words";
import { DriftReport } from "./DriftReport";
import { SampleReader } from "./SampleReader";
import classes from "./Triage.module.css";

/** Is triage still what it was, and what does it let pass? */
export default function TriagePage() {
  const t = useWords("triage");
  const user = useUser();
  const [, go] = useLocation();
  const { part } = useParams<{ part?: string }>();
  const reads = may(user, "triage.review");
  const shown = part === "sample" && reads ? "sample" : "drift";
  return (
    <div className={classes["page"]} data-testid="triage-page">
      <header>
        <h1>{t("title")}</h1>
        <p>{t(shown === "sample" ? "sample_intro" : "intro")}</p>
      </header>
      {reads ? (
        <Tabs value={shown} onChange={(value) => go(value === "sample" ? "/triage/sample" : "/triage")} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="drift" data-testid="triage-tab-drift">
              {t("tab_drift")}
            </Tabs.Tab>
            <Tabs.Tab value="sample" data-testid="triage-tab-sample">
              {t("tab_sample")}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="drift">
            <DriftReport />
          </Tabs.Panel>
          <Tabs.Panel value="sample">
            <SampleReader />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <DriftReport />
      )}
    </div>
  );
}
