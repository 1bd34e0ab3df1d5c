package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states within JSON's strings. Expressions see the characters; how a string spells them, with
 * escapes or without, is left to the states here. Of several expressions the first decides what may
 * follow.
 */
public final class StringScans {
    /** On average: many states are never left, and have no table. */
    private static final int BYTES_OF_SCAN = 700;

    /** Masks that states keep, 20 kB each for a vocabulary of 150,000 tokens. */
    private static final int MOST_MASKS = 100;

    /** Of bytes; tokens by more classes would be as many as tokens by bytes. */
    private static final int MOST_CLASSES = 80;

    /** Of the alphabet's. */
    private static final int FEW_LETTERS = 12;

    /** Of several expressions, as many are looked at for an end of a string. */
    private static final int MOST_ENDINGS = 33;

    private static final String VOWELS = "aeio";

    private static final int[] USUAL = {'a', 'A', '0', ' ', '\n', 0xE9, 0x4E00, 0xAC00, 0x1F600};

    private final Expressions pool;
    private int masks;
    private final Map<List<Expression>, Scan> made = new HashMap<>();

    public StringScans(Expressions pool) {
        this.pool = pool;
    }

    /** Whether one more state may keep its mask. */
    boolean mayKeepMask() {
        return ++masks <= MOST_MASKS;
    }

    /** The classes of bytes of all states that come of one. */
    private final class Classes {
        private final List<Expression> states;
        private byte @Nullable [] found;

        Classes(List<Expression> states) {
            this.states = List.copyOf(states);
        }

        byte[] of() {
            byte[] known = found;
            if (known == null) {
                known = pool.classes(states, MOST_CLASSES);
                found = known;
            }
            return known;
        }
    }

    /** The state at which some expressions stand. */
    public Scan of(List<Expression> states) {
        return scan(states, null);
    }

    /**
     * The same; bytes that another expression tells apart are told apart, too. Strings that differ
     * little share what is made for their classes of bytes if all have the same one here.
     */
    public Scan of(List<Expression> states, Expression related) {
        List<Expression> all = new ArrayList<>(states);
        all.add(related);
        return scan(states, new Classes(all));
    }

    private Scan scan(List<Expression> states, @Nullable Classes classes) {
        if (states.getFirst().isEmpty()) {
            return Scan.DEAD;
        }
        Scan found = made.get(states);
        if (found == null) {
            pool.hold(BYTES_OF_SCAN + 8L * states.size());
            found = new Characters(states, classes == null ? new Classes(states) : classes);
            made.put(states, found);
        }
        return found;
    }

    private Scan step(List<Expression> states, Classes classes, byte[] bytes) {
        List<Expression> now = states;
        for (byte b : bytes) {
            List<Expression> next = new ArrayList<>(now.size());
            for (Expression state : now) {
                Expression stepped = pool.step(state, b & 0xFF);
                if (next.isEmpty() && stepped.isEmpty()) {
                    return Scan.DEAD;
                }
                next.add(stepped);
            }
            now = next;
        }
        return scan(now, classes);
    }

    private Scan stepped(List<Expression> states, Classes classes, int codePoint) {
        return step(
                states, classes, Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }

    private boolean mayBegin(List<Expression> states, Classes classes, int from, int to) {
        // most often one of these may; else all are tried at once
        for (int c : USUAL) {
            if (c >= from && c <= to && !stepped(states, classes, c).isDead()) {
                return true;
            }
        }
        return pool.isLive(
                pool.and(states.getFirst(), pool.concat(pool.codePoints(from, to), pool.any())));
    }

    /** The rest of a string as JSON has it, with the quote behind it. */
    public static byte[] quoted(byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(rest.length + 1);
        for (byte b : rest) {
            if (b == '"' || b == '\\') {
                out.write('\\');
                out.write(b);
            } else if (b >= 0 && b < ' ') {
                out.writeBytes("\\u%04x".formatted((int) b).getBytes(StandardCharsets.US_ASCII));
            } else {
                out.write(b);
            }
        }
        out.write('"');
        return out.toByteArray();
    }

    /** Between characters, or within one. */
    public final class Characters extends Scan {
        private final List<Expression> states;
        private final boolean free;

        /** Guarded by the grammar. */
        @Nullable Differences differences;

        /** The tokens from here, for one vocabulary; null if not known. Guarded by the grammar. */
        @Nullable LexemeMask mask;

        @Nullable TokenVocabulary maskOf;

        /** The bytes that no state from the string's first one on tells apart. */
        private final Classes classes;

        private Characters(List<Expression> states, Classes classes) {
            this.classes = classes;
            this.states = List.copyOf(states);
            boolean all = states.getFirst().equals(pool.text());
            for (Expression state : states) {
                all &= state.isEmpty() || state.equals(pool.text());
            }
            this.free = all;
        }

        public List<Expression> states() {
            return states;
        }

        /** Keeps the tokens from here, as far as there is room. */
        void keep(LexemeMask found, TokenVocabulary vocabulary) {
            if (mask != null || mayKeepMask()) {
                mask = found;
                maskOf = vocabulary;
            }
        }

        /**
         * {@code [256]}: the class of each byte; empty if there are too many. Not to be changed.
         */
        byte[] classes() {
            return classes.of();
        }

        /** The same of what follows from here, which may be fewer; found anew each time. */
        byte[] ownClasses() {
            return pool.classes(states, MOST_CLASSES);
        }

        /** Whether most letters may follow, and most behind these: a walk would see most tokens. */
        boolean isBroad() {
            int live = 0;
            int pairs = 0;
            for (int b = 'a'; b <= 'z'; b++) {
                Scan behind = next(b);
                if (!behind.isDead()) {
                    live++;
                    for (int i = 0; live > FEW_LETTERS && i < VOWELS.length(); i++) {
                        pairs += behind.next(VOWELS.charAt(i)).isDead() ? 0 : 1;
                    }
                }
            }
            return pairs > FEW_LETTERS;
        }

        /** Whether every text may follow, and all of it means the same. */
        boolean isFree() {
            return free;
        }

        /** The most characters that may follow freely; -1 for no maximum, 0 for not freely. */
        int mostFree() {
            return free ? -1 : states.size() == 1 ? pool.mostCharacters(states.getFirst()) : 0;
        }

        /** The characters that have to follow, if they may follow freely. */
        int leastFree() {
            return free ? 0 : pool.leastCharacters(states.getFirst());
        }

        @Override
        public List<byte[]> endings() {
            List<byte[]> all = new ArrayList<>();
            addEnding(states.getFirst(), all);
            for (Expression own : states.subList(1, Math.min(states.size(), MOST_ENDINGS))) {
                addEnding(pool.and(states.getFirst(), own), all);
                addEnding(pool.and(states.getFirst(), pool.not(own)), all);
            }
            return all;
        }

        private void addEnding(Expression rest, List<byte[]> all) {
            byte[] text = pool.isLive(rest) ? pool.shortest(rest) : null;
            if (text != null) {
                all.add(quoted(text));
            }
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 1;
        }

        @Override
        Scan find(int b) {
            if (b == '"') {
                return states.getFirst().nullable() ? EXIT : DEAD;
            }
            if (b == '\\') {
                return pool.mayGoOn(states.getFirst()) ? new Escape(states, classes) : DEAD;
            }
            return b < ' ' ? DEAD : step(states, classes, new byte[] {(byte) b});
        }
    }

    /** Behind a backslash. */
    private final class Escape extends Scan {
        private final List<Expression> states;
        private final Classes classes;

        Escape(List<Expression> states, Classes classes) {
            this.states = states;
            this.classes = classes;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 2;
        }

        @Override
        Scan find(int b) {
            return switch (b) {
                case '"', '\\', '/' -> stepped(states, classes, b);
                case 'b' -> stepped(states, classes, '\b');
                case 'f' -> stepped(states, classes, '\f');
                case 'n' -> stepped(states, classes, '\n');
                case 'r' -> stepped(states, classes, '\r');
                case 't' -> stepped(states, classes, '\t');
                case 'u' -> new Hex(states, classes, 0, 0, 0);
                default -> DEAD;
            };
        }
    }

    /** Within the four digits behind {@code \\u}. */
    private final class Hex extends Scan {
        private final List<Expression> states;
        private final Classes classes;
        private final int value;
        private final int digits;

        /** The first half of a surrogate pair; 0 if there is none. */
        private final int high;

        Hex(List<Expression> states, Classes classes, int value, int digits, int high) {
            this.states = states;
            this.classes = classes;
            this.value = value;
            this.digits = digits;
            this.high = high;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 5 - digits;
        }

        @Override
        Scan find(int b) {
            int digit = b < 0x80 ? Character.digit(b, 16) : -1;
            if (digit < 0) {
                return DEAD;
            }
            int more = value * 16 + digit;
            if (digits < 3) {
                int shift = 4 * (3 - digits);
                int from = more << shift;
                return isPossible(from, from | (1 << shift) - 1)
                        ? new Hex(states, classes, more, digits + 1, high)
                        : DEAD;
            }
            if (high != 0) {
                return Character.isLowSurrogate((char) more)
                        ? stepped(states, classes, Character.toCodePoint((char) high, (char) more))
                        : DEAD;
            }
            if (Character.isHighSurrogate((char) more)) {
                return isPossible(more, more) ? new Second(states, classes, more, 0) : DEAD;
            }
            return Character.isLowSurrogate((char) more) ? DEAD : stepped(states, classes, more);
        }

        /** Whether one of a range of UTF-16's units may stand here. */
        private boolean isPossible(int from, int to) {
            if (high != 0) {
                int low = Math.max(from, Character.MIN_LOW_SURROGATE);
                int last = Math.min(to, Character.MAX_LOW_SURROGATE);
                return low <= last
                        && mayBegin(
                                states,
                                classes,
                                Character.toCodePoint((char) high, (char) low),
                                Character.toCodePoint((char) high, (char) last));
            }
            int first = Math.max(from, Character.MIN_HIGH_SURROGATE);
            int last = Math.min(to, Character.MAX_HIGH_SURROGATE);
            return mayBegin(states, classes, from, to)
                    || (first <= last
                            && mayBegin(
                                    states,
                                    classes,
                                    Character.toCodePoint(
                                            (char) first, Character.MIN_LOW_SURROGATE),
                                    Character.toCodePoint(
                                            (char) last, Character.MAX_LOW_SURROGATE)));
        }
    }

    /** Between the halves of a surrogate pair. */
    private final class Second extends Scan {
        private final List<Expression> states;
        private final Classes classes;
        private final int high;
        private final int at;

        Second(List<Expression> states, Classes classes, int high, int at) {
            this.states = states;
            this.classes = classes;
            this.high = high;
            this.at = at;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 7 - at;
        }

        @Override
        Scan find(int b) {
            if (at == 0) {
                return b == '\\' ? new Second(states, classes, high, 1) : DEAD;
            }
            return b == 'u' ? new Hex(states, classes, 0, 0, high) : DEAD;
        }
    }
}
