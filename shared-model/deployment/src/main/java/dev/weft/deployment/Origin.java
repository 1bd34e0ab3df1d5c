package dev.weft.deployment;

/** Where a value of the deployment came from. */
public sealed interface Origin {
    /**
     * It stands in the file.
     *
     * @param line counted from 1
     */
    record InFile(String file, int line) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** It was given on the command line, e.g. {@code weft.gateway.port=9000}. */
    record CommandLine(String argument) implements Origin {
        @Override
        public String toString() {
            return "--set";
        }
    }

    /** Nobody gave it. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
