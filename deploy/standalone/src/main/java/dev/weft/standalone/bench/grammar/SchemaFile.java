package dev.weft.standalone.bench.grammar;

import dev.weft.grammar.schema.ExactDecimals;
import dev.weft.protocol.error.InvalidJson;
import dev.weft.standalone.failure.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of schemas. Each walk reads it anew, so that only one schema is in memory at a time:
 * schemas may take more memory than their grammars.
 *
 * @param shuffle whether keys of instances come in another order
 */
record SchemaFile(Path data, boolean shuffle) {
    /** A half of the schemas: every second one, counted from 0 without empty lines. */
    enum Half {
        EVEN(0, "first half"),
        ODD(1, "second half");

        private final int rest;

        private final String words;

        Half(int rest, String words) {
            this.rest = rest;
            this.words = words;
        }

        /** For people. */
        String words() {
            return words;
        }
    }

    /**
     * Walks through half of the schemas.
     *
     * @param each takes a schema; false ends the walk
     * @throws CommandException if the file can't be read, or a line is not JSON
     */
    void walk(Half half, Predicate<SchemaCase> each) throws CommandException {
        int number = 0;
        int count = 0;
        try (InputStream file = Files.newInputStream(data);
                InputStream in =
                        data.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                number++;
                if (!line.isBlank()
                        && count++ % 2 == half.rest
                        && !each.test(SchemaCase.of(tree(line, number), shuffle))) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new CommandException(data + " can't be read: " + e, e);
        }
    }

    private JsonNode tree(String line, int number) throws CommandException {
        try {
            return ExactDecimals.tree(JsonMapper.shared(), line);
        } catch (JacksonException e) {
            throw new CommandException(
                    "%s: line %d is not JSON: %s".formatted(data, number, InvalidJson.words(e)), e);
        }
    }
}
