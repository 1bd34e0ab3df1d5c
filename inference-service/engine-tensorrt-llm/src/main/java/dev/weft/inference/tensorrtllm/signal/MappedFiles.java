package dev.weft.inference.tensorrtllm.signal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that are mapped into this process's memory: {@code /proc/self/maps} of proc(5). */
final class MappedFiles {
    private static final Path MAPS = Path.of("/proc/self/maps");

    /** Fields of a line: addresses, permissions, offset, device, inode, file. */
    private static final int FIELDS = 6;

    private static final int FILE = 5;
    private static final int HEXADECIMAL = 16;

    private MappedFiles() {}

    /** The file that an address belongs to, for a message. */
    static String owner(long address) {
        try {
            return owner(address, Files.readAllLines(MAPS));
        } catch (IOException e) {
            return "an unknown library";
        }
    }

    static String owner(long address, List<String> maps) {
        for (String line : maps) {
            String[] fields = line.split("\\s+", FIELDS);
            String[] range = fields[0].split("-", 2);
            boolean holds =
                    fields.length == FIELDS
                            && range.length == 2
                            && Long.parseUnsignedLong(range[0], HEXADECIMAL) <= address
                            && address < Long.parseUnsignedLong(range[1], HEXADECIMAL);
            if (holds) {
                return fields[FILE];
            }
        }
        return "0x" + Long.toHexString(address);
    }
}
