package dev.weft.standalone.adapters;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import dev.weft.standalone.ScriptedCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Checks that each operation of the admin API has a command that calls it. */
class AdminCommandsTest {
    private static final String SPRING = "org.springframework.web.bind.annotation.";
    private static final Map<String, String> COMMANDS =
            Map.ofEntries(
                    entry("registerAdapter", "adapters add sql --source HF --repo o/sql"),
                    entry("listAdapters", "adapters list"),
                    entry("getAdapter", "adapters show sql"),
                    entry("removeAdapter", "adapters remove sql"),
                    entry("disableAdapter", "adapters disable sql"),
                    entry("enableAdapter", "adapters enable sql"),
                    entry("shareAdapter", "adapters share sql team"),
                    entry("getVersion", "adapters version 7"),
                    entry("listWorkers", "adapters workers list"),
                    entry("listResidency", "adapters workers residency sql"),
                    entry("orderAdapter", "adapters workers pin sql"),
                    entry("listOrders", "adapters workers orders"),
                    entry("takeBackOrder", "adapters workers takeback 7"),
                    entry("listBases", "bases list"),
                    entry("getBase", "bases show qwen"),
                    entry("addBase", "bases add qwen --source HF --repo o/qwen --max-rank 16"),
                    entry("removeBase", "bases remove qwen"),
                    entry("createToken", "tokens create ana --role viewer --tenant team"),
                    entry("listTokens", "tokens list"),
                    entry("changeToken", "tokens change 7 --models none --priority low"),
                    entry("rotateToken", "tokens rotate 7 --overlap 2h"),
                    entry("revokeToken", "tokens revoke 7"),
                    entry("listAudit", "adapters audit"),
                    entry("listUsage", "usage --from 2026-11-01 --by day,key --json"),
                    entry("listAliases", "adapters alias list"),
                    entry("getAlias", "adapters alias show prod"),
                    entry("setAlias", "adapters alias set prod sql@3"),
                    entry("rollBackAlias", "adapters alias rollback prod"),
                    entry("removeAlias", "adapters alias remove prod"),
                    entry("startRollout", "adapters rollouts start prod sql@4 --step 10=15m"),
                    entry("listRollouts", "adapters rollouts list --alias prod"),
                    entry("getRollout", "adapters rollouts show 7"),
                    entry("pauseRollout", "adapters rollouts pause 7"),
                    entry("resumeRollout", "adapters rollouts resume 7"),
                    entry("scoreRollout", "adapters rollouts score 7 --from 0.9 --to 0.8,1"),
                    entry("endRollout", "adapters rollouts return 7"),
                    entry("startShadow", "adapters shadows start prod sql@4 --share 0.1"),
                    entry("listShadows", "adapters shadows list --alias prod"),
                    entry("getShadow", "adapters shadows show 7"),
                    entry("endShadow", "adapters shadows end 7"));

    /** An answer with every field that commands read. */
    private static final String ANSWER =
            """
            {"name":"prod","revision":1,"targets":[{"adapter":"sql","version":3,"weight":1}],
             "items":[],"next":null,"versions":[%s],"secret":"s"}\
            """
                    .formatted(ScriptedCatalog.version("Ready", "HF", "o/sql"));

    @TempDir Path folder;

    @Test
    void everyOperationHasOne() {
        assertThat(COMMANDS.keySet()).isEqualTo(operations().keySet());
    }

    @TestFactory
    Stream<DynamicTest> theCommandCallsIt() {
        return operations().entrySet().stream()
                .map(each ->
                        DynamicTest.dynamicTest(
                                each.getKey(), () -> assertCalls(each.getKey(), each.getValue())));
    }

    private void assertCalls(String operation, String line) {
        List<String> command =
                new ArrayList<>(List.of(COMMANDS.getOrDefault(operation, "").split(" ")));
        try (var catalog = new FakeHttp(_ -> Answer.json(200, ANSWER))) {
            command.addAll(List.of("--catalog", catalog.address().toString()));
            if (command.getFirst().equals("tokens")) {
                command.addAll(List.of("--data", folder.toString()));
            }
            CommandLineRun run = CommandLineRun.of(command.toArray(String[]::new));
            assertThat(catalog.requests())
                    .as(run.err())
                    .extracting(request -> request.line().replaceAll("\\?.*", ""))
                    .anyMatch(asked -> asked.matches(line));
        }
    }

    /** The method and address of each operation as a pattern, by the operation's id. */
    private static Map<String, String> operations() {
        Map<String, String> all = new TreeMap<>();
        for (JavaClass api : new ClassFileImporter().importPackages("dev.weft.catalog")) {
            if (!api.getSimpleName().endsWith("Api")) {
                continue; // workers ask for artifacts, people don't
            }
            for (JavaMethod method : api.getMethods()) {
                method.tryGetAnnotationOfType("io.swagger.v3.oas.annotations.Operation")
                        .filter(operation -> !Boolean.TRUE.equals(operation.get("hidden").get()))
                        .ifPresent(operation ->
                                all.put(
                                        operation.get("operationId").get().toString(),
                                        pattern(api, method)));
            }
        }
        return all;
    }

    private static String pattern(JavaClass api, JavaMethod method) {
        JavaAnnotation<JavaMethod> mapping =
                method.getAnnotations().stream()
                        .filter(a -> a.getRawType().getName().startsWith(SPRING))
                        .filter(a -> a.getRawType().getName().endsWith("Mapping"))
                        .findFirst()
                        .orElseThrow();
        String verb = mapping.getRawType().getSimpleName().replace("Mapping", "");
        String path = first(api.getAnnotationOfType(SPRING + "RequestMapping")) + first(mapping);
        return verb.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{[^}]*}", "[^/]+");
    }

    private static String first(JavaAnnotation<?> mapping) {
        return ((Object[]) mapping.get("value").orElseThrow())[0].toString();
    }
}
