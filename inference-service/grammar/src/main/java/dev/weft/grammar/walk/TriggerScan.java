package dev.weft.grammar.walk;

import dev.weft.grammar.scan.Scan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A state of text that may be anything until one of some texts has come, the triggers: the longest
 * end of the text that one of them begins with (Aho and Corasick, 1975). It is left with the last
 * byte of a trigger. The mark of added tokens is ignored.
 */
public final class TriggerScan extends Scan {

    private final Table table;

    /** How the text ends. */
    private final byte[] end;

    /** The states of some triggers. */
    private static final class Table {
        final List<byte[]> triggers;
        final Map<String, TriggerScan> made = new HashMap<>();

        Table(List<byte[]> triggers) {
            this.triggers = triggers;
        }
    }

    private TriggerScan(Table table, byte[] end) {
        this.table = table;
        this.end = end;
    }

    /**
     * The state before any text.
     *
     * @param triggers none of them empty
     */
    public static TriggerScan of(List<byte[]> triggers) {
        return new TriggerScan(new Table(List.copyOf(triggers)), new byte[0]);
    }

    /**
     * Number of the trigger that a byte completes, the longest of several.
     *
     * @return -1 for none
     */
    public int completed(int b) {
        int found = -1;
        byte[] text = with(b);
        for (int i = 0; i < table.triggers.size(); i++) {
            byte[] trigger = table.triggers.get(i);
            if (endsWith(text, trigger, trigger.length)
                    && (found < 0 || trigger.length > table.triggers.get(found).length)) {
                found = i;
            }
        }
        return found;
    }

    @Override
    public List<byte[]> endings() {
        List<byte[]> all = new ArrayList<>();
        for (byte[] trigger : table.triggers) {
            int n = Math.min(trigger.length - 1, end.length);
            while (n > 0 && !endsWith(end, trigger, n)) {
                n--;
            }
            all.add(Arrays.copyOfRange(trigger, n, trigger.length));
        }
        return all;
    }

    private byte[] with(int b) {
        byte[] text = Arrays.copyOf(end, end.length + 1);
        text[end.length] = (byte) b;
        return text;
    }

    private static boolean endsWith(byte[] text, byte[] trigger, int length) {
        return text.length >= length
                && Arrays.equals(text, text.length - length, text.length, trigger, 0, length);
    }

    @Override
    protected Scan find(int b) {
        if (b == (TokenVocabulary.ADDED & 0xFF)) {
            return this;
        }
        if (completed(b) >= 0) {
            return EXIT;
        }
        byte[] text = with(b);
        int longest = 0;
        for (byte[] trigger : table.triggers) {
            for (int n = Math.min(trigger.length - 1, text.length); n > longest; n--) {
                if (endsWith(text, trigger, n)) {
                    longest = n;
                }
            }
        }
        byte[] rest = Arrays.copyOfRange(text, text.length - longest, text.length);
        return table.made.computeIfAbsent(key(rest), _ -> new TriggerScan(table, rest));
    }

    private static String key(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean complete() {
        return true;
    }
}
