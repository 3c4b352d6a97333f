import { Tabs } from "@mantine/core";
import type { Contact } from "../../data/contacts";
import { useHeld } from "../../data/held";
import { useWords } from "../../words/words";
import classes from "./Desk.module.css";
import { AssessTab } from "./side/AssessTab";
import { NotesTab } from "./side/NotesTab";
import { PersonTab } from "./side/PersonTab";
import { PlanTab } from "./side/PlanTab";
import { RiskTab } from "./side/RiskTab";

const TABS = ["risk", "person", "assess", "plan", "notes"] as const;
const VIEWS = { risk: RiskTab, person: PersonTab, assess: AssessTab, plan: PlanTab, notes: NotesTab } as const;

/** What is known about the contact. A tab is made when it is first opened. */
export function SidePanel({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const [tab, setTab] = useHeld<(typeof TABS)[number]>(`tab.${contact.id}`, "risk");
  const View = VIEWS[tab];
  return (
    <aside className={classes["side"]} data-testid="side-panel">
      <Tabs value={tab} onChange={(value) => setTab((value ?? "risk") as typeof tab)} keepMounted={false} style={{ display: "flex", flexDirection: "column", minHeight: 0, flex: 1 }}>
        <Tabs.List grow>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name} px={6} data-testid={`tab-${name}`}>
              {t(`tab_${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} style={{ overflowY: "auto", flex: 1 }} p="md">
          <View contact={contact} openTab={setTab} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

export interface SideProps {
  contact: Contact;
  openTab: (tab: (typeof TABS)[number]) => void;
}
