import { defineConfig } from "vite";

/** `/embed.js`: one plain script that other sites include; it must not depend on anything of the pages. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../pages",
    emptyOutDir: false,
    lib: { entry: "src/pages/embed.ts", formats: ["iife"], name: "HotlineEmbed", fileName: () => "embed.js" },
  },
});
