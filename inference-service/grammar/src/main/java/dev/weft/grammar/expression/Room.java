package dev.weft.grammar.expression;

/**
 * Characters that may follow an expression's state in any order, up to a number of them: each such
 * text leads to a match. Other characters may follow, too.
 *
 * @param low a bit for each of ASCII's first 64 characters that may follow; in place of the
 *     controls there are only marks, {@link #PLAIN} and {@link #ODD}
 * @param high the same of ASCII's other 64
 * @param most characters
 */
public record Room(long low, long high, int most) {
    /** A mark: all characters beyond ASCII but the odd ones. */
    public static final long PLAIN = 1L << 1;

    /** A mark: the {@linkplain #isOdd odd} characters beyond ASCII. */
    public static final long ODD = 1L << 2;

    /** {@code [ranges][2]}: the first and the last of the odd code points. */
    static final int[][] ODD_RANGES = {
        {0x80, 0xA0},
        {0x1680, 0x1680},
        {0x2000, 0x200F},
        {0x2028, 0x202F},
        {0x205F, 0x206F},
        {0x3000, 0x3000},
        {0xFEFF, 0xFEFF}
    };

    /** No character is known to follow. */
    public static final Room NONE = new Room(0, 0, 0);

    /** A room with more than this, of ASCII's 95 characters and the marks, is wide. */
    private static final int WIDE = 72;

    private static final long CONTROLS = 0xFFFF_FFFFL;

    public Room {
        boolean none = most <= 0 || (low | high) == 0;
        low = none ? 0 : low;
        high = none ? 0 : high;
        most = none ? 0 : most;
    }

    static Room of(ByteSet ascii, long marks, int most) {
        return new Room((ascii.a() & ~CONTROLS) | marks, ascii.b(), most);
    }

    /**
     * Whether a code point beyond ASCII is a space, a control or an end of line: patterns that take
     * most characters leave such out.
     */
    public static boolean isOdd(int codePoint) {
        for (int[] range : ODD_RANGES) {
            if (codePoint >= range[0] && codePoint <= range[1]) {
                return true;
            }
        }
        return false;
    }

    /** Whether most texts may follow. */
    public boolean isWide() {
        return Long.bitCount(low) + Long.bitCount(high) > WIDE;
    }

    /**
     * Whether each text may follow that has so many characters, all from {@code ownLow} and {@code
     * ownHigh}.
     */
    public boolean has(long ownLow, long ownHigh, int characters) {
        return (ownLow & ~low) == 0 && (ownHigh & ~high) == 0 && characters <= most;
    }
}
