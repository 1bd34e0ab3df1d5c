package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Checks that the dashboards match their source, have Grafana's own types and link to each other.
 */
class DashboardSchemaTest {
    private static final Path COMPILER = Program.NPM.resolve("typescript/bin/tsc");
    private static final String TYPES = "grafana-types.ts";
    private static final Pattern LINK = Pattern.compile("/d/([\\w-]+)(?:\\?var-(\\w+)=)?");

    /** Typing errors in a dashboard that Grafana would silently ignore. */
    private static final Map<String, UnaryOperator<String>> SLIPS =
            Map.of(
                    "noSuchOption", json -> json.replace("\"showPoints\"", "\"showPoint\""),
                    "noSuchValue", json -> json.replace("\"line\"", "\"lines\""),
                    "noSuchPanel", json -> json.replace("\"timeseries\"", "\"timeserie\""),
                    "noSuchCursor",
                            json -> json.replace("\"graphTooltip\": 1", "\"graphTooltip\": 9"),
                    "noUnit", json -> json.replace("\"unit\"", "\"units\""),
                    "textForANumber", json -> json.replaceAll("\"w\": (\\d+)", "\"w\": \"$1\""),
                    "noSuchQueryField", json -> json.replace("\"exemplar\"", "\"exemplars\""));

    @Test
    void areWhatTheirSourceMakes(@TempDir Path made) throws Exception {
        Program.Finished built =
                Program.named("node")
                        .run(
                                Dashboard.GRAFANA.resolve("source/build.mjs").toString(),
                                made.toString());
        assertThat(built.exit()).as(built.output()).isZero();

        for (Dashboard dashboard : Dashboard.all()) {
            String file = dashboard.name() + ".json";
            assertThat(Dashboard.FOLDER.resolve(file))
                    .as("make it with: node grafana/source/build.mjs")
                    .hasSameTextualContentAs(made.resolve(file));
        }
        assertThat(made.toFile().list()).hasSize(Dashboard.all().size());
    }

    @Test
    void haveGrafanasTypes() throws Exception {
        Map<String, String> models = new LinkedHashMap<>();
        for (Dashboard dashboard : Dashboard.all()) {
            models.put(dashboard.name(), json(dashboard.name()));
        }

        Program.Finished checked = check("dashboards", models);

        assertThat(models.keySet())
                .containsExactlyInAnyOrder("fleet", "adapter", "worker", "catalog");
        assertThat(checked.exit()).as(checked.output()).isZero();
    }

    @Test
    void wouldBeRefusedWithASlipOfThePen() throws Exception {
        Map<String, String> models = new LinkedHashMap<>();
        for (Map.Entry<String, UnaryOperator<String>> slip : SLIPS.entrySet()) {
            String right = json("fleet");
            String wrong = slip.getValue().apply(right);
            assertThat(wrong).as(slip.getKey()).isNotEqualTo(right);
            models.put(slip.getKey(), wrong);
        }

        Program.Finished checked = check("slips", models);

        assertThat(models.keySet())
                .allSatisfy(slip -> assertThat(checked.output()).contains(slip + ".ts("));
    }

    @Test
    void leadToDashboardsAndVariablesThatAreThere() throws IOException {
        Map<String, List<String>> variables = new LinkedHashMap<>();
        for (Dashboard dashboard : Dashboard.all()) {
            variables.put(
                    dashboard.uid(),
                    dashboard.variables().stream().map(v -> v.get("name").asString()).toList());
        }
        List<String> places = new ArrayList<>(List.of(Files.readString(AlertRules.FILE)));
        for (Dashboard dashboard : Dashboard.all()) {
            places.add(dashboard.model().toString());
        }

        int links = 0;
        for (String place : places) {
            Matcher link = LINK.matcher(place);
            while (link.find()) {
                links++;
                assertThat(variables).as(link.group()).containsKey(link.group(1));
                if (link.group(2) != null) {
                    assertThat(variables.get(link.group(1)))
                            .as(link.group())
                            .contains(link.group(2));
                }
            }
        }
        assertThat(links).isGreaterThan(10);
    }

    @Test
    void showTracesOnPercentiles() throws IOException {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode panel : dashboard.panels()) {
                for (JsonNode target : panel.get("targets")) {
                    if (target.path("legendFormat").asString("").equals("p95")
                            && target.get("expr").asString().contains("_seconds_bucket")) {
                        assertThat(target.get("exemplar").asBoolean())
                                .as(dashboard.name() + ": " + panel.get("title"))
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void areProvisionedWithTheDataSourcesThatTheyName() throws IOException {
        JsonNode sources = yaml("provisioning/datasources/weft.yaml").get("datasources");
        List<String> ids = new ArrayList<>();
        sources.forEach(source -> ids.add(source.get("uid").asString()));
        JsonNode exemplars = sources.get(0).get("jsonData").get("exemplarTraceIdDestinations");

        assertThat(sources.get(0).get("type").asString()).isEqualTo("prometheus");
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(exemplars.get(0).get("datasourceUid").asString()).isIn(ids);
        assertThat(yaml("provisioning/dashboards/weft.yaml").get("providers")).hasSize(1);
    }

    private static JsonNode yaml(String file) throws IOException {
        return Yaml.read(Dashboard.GRAFANA.resolve(file));
    }

    private static String json(String name) throws IOException {
        return Files.readString(Dashboard.FOLDER.resolve(name + ".json"));
    }

    /** Has TypeScript check each model, written as a literal, against Grafana's types. */
    private static Program.Finished check(String folder, Map<String, String> models)
            throws IOException, InterruptedException {
        Program node =
                Program.node(
                        Program.NPM,
                        "typescript",
                        "@grafana/schema",
                        "@grafana/grafana-foundation-sdk");
        Path sources = Files.createDirectories(Program.NPM.resolveSibling(folder));
        Files.copy(
                Path.of("src/test/node", TYPES),
                sources.resolve(TYPES),
                StandardCopyOption.REPLACE_EXISTING);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                COMPILER.toString(),
                                "--noEmit",
                                "--strict",
                                "--skipLibCheck",
                                "--target",
                                "es2022",
                                "--module",
                                "nodenext"));
        for (Map.Entry<String, String> model : models.entrySet()) {
            Path file = sources.resolve(model.getKey() + ".ts");
            Files.writeString(
                    file,
                    "import type { Dashboard } from './grafana-types';\n"
                            + "export const model: Dashboard = "
                            + model.getValue());
            arguments.add(file.toString());
        }
        return node.run(arguments.toArray(String[]::new));
    }
}
