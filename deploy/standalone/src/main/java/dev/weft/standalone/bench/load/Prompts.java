package dev.weft.standalone.bench.load;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes prompts of a given length, each different. The first {@code shared} tokens are the same in
 * all.
 */
public sealed interface Prompts {
    /** English words that are one token, with the space before them, in all vocabularies we saw. */
    List<String> WORDS =
            List.of(
                    ("time year people way day man thing woman life child world school state family"
                         + " student group country problem hand part place case week company system"
                         + " program question work government number night point home water room"
                         + " mother area money story fact month lot right study book eye job word"
                         + " business issue side kind head house service friend father power hour"
                         + " game line end member law car city community name president team minute"
                         + " idea body information back parent face level office door health person"
                         + " art war history party result change morning reason research girl guy"
                         + " moment air teacher force education")
                            .split(" "));

    /** A prompt as JSON: a list of ids, or a string. */
    String json(int tokens, SplittableRandom random);

    /** How prompts are made, for people. */
    String text();

    /**
     * Lists of token ids, with exactly the given length.
     *
     * @param low smallest id drawn
     * @param high the first id above those drawn
     */
    record TokenIds(int low, int high, int shared, long seed) implements Prompts {
        public TokenIds {
            if (low < 0 || high <= low || shared < 0) {
                throw new IllegalArgumentException(
                        "token ids from %d below %d, %d shared".formatted(low, high, shared));
            }
        }

        @Override
        public String json(int tokens, SplittableRandom random) {
            var ids = new StringBuilder(tokens * 6 + 2).append('[');
            var same = new SplittableRandom(seed);
            for (int i = 0; i < tokens; i++) {
                ids.append(i == 0 ? "" : ",")
                        .append((i < shared ? same : random).nextInt(low, high));
            }
            return ids.append(']').toString();
        }

        @Override
        public String text() {
            return "random token ids from %d to %d".formatted(low, high - 1);
        }
    }

    /**
     * Random words. Only the server knows their number of tokens: {@code overhead + perWord *
     * words} fits its counts of two prompts.
     *
     * @param overhead additional tokens, such as those of a chat template
     * @param perWord tokens of a word
     */
    record Words(double overhead, double perWord, int shared, long seed) implements Prompts {
        public Words {
            if (!(perWord > 0 && overhead > -100)) {
                throw new IllegalArgumentException(
                        "%f tokens and %f for each word".formatted(overhead, perWord));
            }
        }

        @Override
        public String json(int tokens, SplittableRandom random) {
            int words = words(tokens);
            int same = Math.min(words, shared == 0 ? 0 : words(shared));
            var text = new StringBuilder(words * 7 + 2).append('"');
            append(text, same, new SplittableRandom(seed));
            append(text, words - same, random);
            return text.append('"').toString();
        }

        private int words(int tokens) {
            return (int) Math.max(1, Math.round((tokens - overhead) / perWord));
        }

        private static void append(StringBuilder text, int words, SplittableRandom random) {
            for (int i = 0; i < words; i++) {
                text.append(text.length() == 1 ? "" : " ")
                        .append(WORDS.get(random.nextInt(WORDS.size())));
            }
        }

        @Override
        public String text() {
            return "random words (%.2f tokens each and %.1f on top)".formatted(perWord, overhead);
        }
    }
}
