package dev.weft.system.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests {@code weft bench} as a user runs it, against the sample and adapters that it wrote itself.
 */
@ExtendWith(SampleFleet.class)
class BenchTest {
    private static final int REQUESTS = 12;
    private static final int OUTPUT = 10;

    @TempDir Path folder;

    @Test
    void adaptersItWroteAreAcceptedAndMeasuredNextToOthers() throws Exception {
        Path adapters = SampleFleet.adapters().resolve("bench");
        weft(
                "bench",
                "adapters",
                Sample.base().toString(),
                adapters.toString(),
                "--count",
                "2",
                "--rank",
                "8");
        Admin admin = SampleFleet.fleet().admin();
        List<String> written = List.of("lora-0001", "lora-0002");
        for (String name : written) {
            admin.register(name, adapters.resolve(name));
            admin.awaitReady(name);
        }
        Http.await("the gateway lists them", () -> listed(written));

        Path json = folder.resolve("out.json");
        weft(
                "bench",
                SampleFleet.fleet().gateway().toString(),
                "--models",
                Sample.BASE + ",sql,lora-000*",
                "--popularity",
                "rotate",
                "--streams",
                "1,3",
                "--warmup",
                "1",
                "--requests",
                String.valueOf(REQUESTS),
                "--prompt-tokens",
                "20",
                "--output-tokens",
                String.valueOf(OUTPUT),
                "--json",
                json.toString());
        for (String name : written) {
            admin.remove(name);
        }
        JsonNode report = Http.JSON.readTree(Files.readString(json));
        assertThat(report.path("runs")).hasSize(2);
        for (JsonNode run : report.path("runs")) {
            JsonNode all = run.path("all");
            assertThat(all.path("succeeded").asInt()).isEqualTo(REQUESTS);
            assertThat(all.path("output_tokens").asInt()).isEqualTo(REQUESTS * OUTPUT);
            assertThat(all.at("/prompt_tokens/min").asInt()).isEqualTo(20);
            assertThat(all.at("/prompt_tokens/max").asInt()).isEqualTo(20);
            assertThat(run.path("per_model").propertyNames())
                    .containsExactlyInAnyOrder(Sample.BASE, "sql", "lora-0001", "lora-0002");
        }
    }

    private static boolean listed(List<String> names) throws Exception {
        String models = Http.get(SampleFleet.fleet().gateway().resolve("/v1/models")).body();
        return names.stream().allMatch(name -> models.contains('"' + name + '"'));
    }

    private static void weft(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath()));
        command.add("dev.weft.standalone.Weft");
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("weft-bench", ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("it ended in time").isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
