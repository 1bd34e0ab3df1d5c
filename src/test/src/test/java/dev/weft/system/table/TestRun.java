package dev.weft.system.table;

import java.util.List;
import java.util.stream.Stream;

/**
 * One run of the tests of one module.
 *
 * @param name the module's folder, with the level of processor if it was lowered
 * @param unreported test classes without a report: their JVM ended, or nothing ran them
 */
record TestRun(String name, List<TestClass> classes, List<String> unreported) {
    TestRun {
        classes = List.copyOf(classes);
        unreported = List.copyOf(unreported);
    }

    /**
     * One test class.
     *
     * @param tests number of all tests, also of those that failed or were left out
     * @param failures failures, each as the test's name and the first line of its message
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

    /** The faults that make the run a failed one, a line each. */
    Stream<String> faults() {
        return Stream.concat(
                classes.stream().flatMap(c -> c.failures().stream()),
                unreported.stream().map(c -> c + ": no report, so it did not run to its end"));
    }
}
