package dev.weft.system.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestTableTest {
    private static final String PASSED = "<testcase name='runs' time='0.1'/>";
    private static final String LEFT_OUT =
            "<testcase name='needsNode'><skipped type='org.opentest4j.TestAbortedException'>"
                    + "<![CDATA[org.opentest4j.TestAbortedException: missing: node\n\tat x]]>"
                    + "</skipped></testcase>";
    private static final String ASSUMED =
            "<testcase name='needsTiles'>"
                    + "<skipped message='Assumption failed: no tiles here'/></testcase>";
    private static final String FAILED =
            "<testcase name='adds(int)[2]'>"
                    + "<failure message='expected: 3&#10; but was: 4'>x&#10;\tat y&#10;"
                    + "Caused by: z: the cause&#10;\tat y</failure></testcase>";

    /** A class of this module, used as a reported one. */
    private static final String OWN_CLASS = "dev/weft/system/table/TestTableTest.class";

    private static final String OWN_NAME = TestTableTest.class.getName();

    @TempDir private Path root;
    private String said = "";

    @BeforeEach
    void makeModules() throws IOException {
        pom(root, "<modules><module>gateway</module><module>engines</module></modules>");
        pom(root.resolve("gateway"), "");
        pom(root.resolve("engines"), "<modules><module>cpu</module></modules>");
        pom(root.resolve("engines/cpu"), "");
        Files.createDirectories(root.resolve("gateway/src/test/java"));
        Files.createDirectories(root.resolve("engines/cpu/src/test/java"));
    }

    @Test
    void tellsOfEachModuleAndLevelWhatRanAndWhatWasLeftOutAndWhy() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED + PASSED + LEFT_OUT);
        report("engines/cpu/target/surefire-reports", "b.RowTest", PASSED);
        report("engines/cpu/target/surefire-reports/avx2", "b.RowTest", PASSED + ASSUMED);

        assertThat(print(false)).isTrue();

        assertThat(said)
                .containsPattern("(?m)^gateway +2 +0 +1 +1\\.5 s$")
                .containsPattern("(?m)^engines/cpu +1 +0 +0 +1\\.5 s$")
                .containsPattern("(?m)^engines/cpu at avx2 +1 +0 +1 +1\\.5 s$")
                .contains("1 of gateway (RouteTest): missing: node\n")
                .contains("1 of engines/cpu at avx2 (RowTest): no tiles here\n")
                .endsWith("\n4 passed, 0 failed, 2 skipped\n");
    }

    @Test
    void failsWithWhatATestSaid() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED + FAILED);
        report("engines/cpu/target/surefire-reports", "b.RowTest", PASSED);

        assertThat(print(false)).isFalse();

        assertThat(said)
                .contains(
                        "gateway: a.RouteTest.adds(int)[2]: expected: 3 but was: 4 <- z: the"
                                + " cause\n")
                .endsWith("\n2 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void failsWhereAClassHasNoReport() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED);
        report("engines/cpu/target/surefire-reports", "b.RowTest", PASSED);
        compiled();

        assertThat(print(false)).isFalse();

        assertThat(said)
                .contains("engines/cpu: " + OWN_NAME + ": no report")
                .endsWith("\n2 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void wantsNoReportOfALowerLevelThatLeavesTheClassOut() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED);
        report("engines/cpu/target/surefire-reports", OWN_NAME, PASSED);
        report("engines/cpu/target/surefire-reports/avx2", "b.RowTest", PASSED);
        compiled();
        Path leftOut = root.resolve("engines/cpu/src/test/same-at-every-level.txt");

        Files.writeString(leftOut, "# why\n**/row/*Test.java\n");
        assertThat(print(false)).isFalse();
        assertThat(said).contains("engines/cpu at avx2: " + OWN_NAME + ": no report");

        Files.writeString(leftOut, "# why\n**/table/*Test.java\n");
        assertThat(print(false)).isTrue();
    }

    @Test
    void failsWhereAModuleHasNoReportAtAll() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED);

        assertThat(print(false)).isFalse();

        assertThat(said).contains("engines/cpu: its tests did not run");
    }

    @Test
    void isStrictWithWhatCouldBeInstalledAlone() throws Exception {
        report("gateway/target/surefire-reports", "a.RouteTest", PASSED);
        report("engines/cpu/target/surefire-reports", "b.RowTest", PASSED + ASSUMED);
        assertThat(print(true)).isTrue();

        report("gateway/target/surefire-reports", "a.RouteTest", PASSED + LEFT_OUT);
        assertThat(print(true)).isFalse();
        assertThat(said).contains("left out, missing: node\n");
    }

    /** Has a module have a compiled test class. */
    private void compiled() throws IOException {
        Path compiled = root.resolve("engines/cpu/target/test-classes").resolve(OWN_CLASS);
        Files.createDirectories(compiled.getParent());
        Files.copy(Path.of("target/test-classes").resolve(OWN_CLASS), compiled);
    }

    private boolean print(boolean strict) throws Exception {
        SurefireReports reports = new SurefireReports(root);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean well =
                new TestTable(reports.runs(), reports.silent(), strict)
                        .print(new PrintStream(out, true, StandardCharsets.UTF_8));
        said = out.toString(StandardCharsets.UTF_8);
        return well;
    }

    private static void pom(Path folder, String inner) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("pom.xml"), "<project>" + inner + "</project>");
    }

    private void report(String folder, String type, String tests) throws IOException {
        Path reports = Files.createDirectories(root.resolve(folder));
        Files.writeString(
                reports.resolve("TEST-" + type + ".xml"),
                "<testsuite name='" + type + "' time='1.5'>" + tests + "</testsuite>");
    }
}
