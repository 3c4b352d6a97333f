import { createSpotlight, Spotlight, type SpotlightActionGroupData, useSpotlight } from "@mantine/spotlight";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { type Contact, mine, queueOf } from "../../data/contacts";
import type { Table } from "../../data/table";
import { hasRole, useUser } from "../../data/session";
import { setPresence } from "../../data/presenceCommands";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { setLanguage, useLanguage, usePick, useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { rootOf, type Route } from "../routes";

const [commands, bar] = createSpotlight();

const NONE: Table<Contact> = {};

export const openCommands = bar.open;

/** ⌘K / Ctrl-K: pages, contacts, actions. */
export function CommandBar({ routes }: { routes: readonly Route[] }) {
  const t = useWords("shell");
  const groups = [usePlaces(routes), useContacts(), useActions()].filter((group) => group.actions.length > 0);
  return (
    <Spotlight
      store={commands}
      actions={groups}
      nothingFound={t("commands_nothing")}
      highlightQuery
      scrollable
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      maxHeight={420}
      shortcut={["mod + K"]}
      // Also from inside the composer: that is where one is all day.
      tagsToIgnore={[]}
      attributes={{ content: { "aria-label": t("commands") }, search: { "data-testid": "command-input" } }}
      searchProps={{ placeholder: t("commands_search"), "aria-label": t("commands_search"), leftSection: <Icon name="search" size={16} /> }}
    />
  );
}

function usePlaces(routes: readonly Route[]): SpotlightActionGroupData {
  const t = useWords("shell");
  const pick = usePick();
  const [, go] = useLocation();
  return {
    group: t("commands_places"),
    actions: routes.map((route) => ({ id: route.path, label: pick(route.label), keywords: Object.values(route.label), onClick: () => go(rootOf(route)) })),
  };
}

function useContacts(): SpotlightActionGroupData {
  const t = useWords("shell");
  const words = useWords("ui");
  const user = useUser();
  const [, go] = useLocation();
  const nameOf = useContactName();
  // Contacts change many times a second; the bar looks at them only while it is open.
  const { opened } = useSpotlight(commands);
  const contacts = useKnown((known) => (opened ? known.contacts : NONE));
  const listed = useMemo(() => [...mine(contacts, user.id), ...queueOf(contacts)].slice(0, 50), [contacts, user.id]);
  return {
    group: t("commands_contacts"),
    actions: listed.map((contact) => ({
      id: contact.id,
      label: nameOf(contact),
      description: `${words(`channel_${contact.channel}`)} · ${words(`level_${contact.level}`)}`,
      onClick: () => go(`/contacts/${contact.id}`),
    })),
  };
}

function useActions(): SpotlightActionGroupData {
  const t = useWords("shell");
  const words = useWords("ui");
  const user = useUser();
  const language = useLanguage();
  const { act } = useAct();
  const presence = hasRole(user, "counselor")
    ? (["available", "offline"] as const).map((state) => ({
        id: `presence-${state}`,
        label: `${t("presence")}: ${t(`presence_${state}`)}`,
        onClick: () => void act(() => setPresence({ state })),
      }))
    : [];
  return {
    group: t("commands_actions"),
    actions: [...presence, { id: "language", label: words("language_switch_label"), onClick: () => setLanguage(language === "zh" ? "en" : "zh") }],
  };
}
