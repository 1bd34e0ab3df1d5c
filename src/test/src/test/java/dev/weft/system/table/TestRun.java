package dev.weft.system.table;

import java.util.List;
import java.util.stream.Stream;

/**
 * The tests of one module as they ran once.
 *
 * @param name the module's folder, with the level of processor where it was lowered
 * @param unreported test classes that have no report: their JVM ended, or nothing took them up
 */
record TestRun(String name, List<TestClass> classes, List<String> unreported) {
    TestRun {
        classes = List.copyOf(classes);
        unreported = List.copyOf(unreported);
    }

    /**
     * One test class.
     *
     * @param tests all of them, also those that failed or were left out
     * @param failures each as its name and the first line of what it said
     * @param leftOut the reason of each test that was left out
     */
    record TestClass(
            String name, int tests, double seconds, List<String> failures, List<String> leftOut) {
        TestClass {
            failures = List.copyOf(failures);
            leftOut = List.copyOf(leftOut);
        }

        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }
    }

    int passed() {
        return ran() - failed();
    }

    int ran() {
        return tests() - leftOut();
    }

    int tests() {
        return classes.stream().mapToInt(TestClass::tests).sum();
    }

    int failed() {
        return classes.stream().mapToInt(c -> c.failures().size()).sum();
    }

    int leftOut() {
        return classes.stream().mapToInt(c -> c.leftOut().size()).sum();
    }

    double seconds() {
        return classes.stream().mapToDouble(TestClass::seconds).sum();
    }

    /** What makes the run a failed one, a line each. */
    Stream<String> faults() {
        return Stream.concat(
                classes.stream().flatMap(c -> c.failures().stream()),
                unreported.stream().map(c -> c + ": no report, so it did not run to its end"));
    }
}
