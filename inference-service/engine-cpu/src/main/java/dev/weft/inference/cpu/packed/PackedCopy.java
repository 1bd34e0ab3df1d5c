package dev.weft.inference.cpu.packed;

import dev.weft.inference.cpu.kernel.matrix.LargePages;
import dev.weft.inference.cpu.kernel.team.Team;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A mapped copy whose bytes are those that were packed. Processes that map it share its memory.
 * Nobody writes into such a file once it has its name; if it is deleted its bytes stay until the
 * last process that maps it has ended.
 */
public final class PackedCopy implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> rooms = new ArrayList<>();
    private final Path file;

    private PackedCopy(Path file) {
        this.file = file;
    }

    /**
     * Reads all of a file, to compare it with its checksums, and maps it.
     *
     * @param team reads it; called by its owner
     * @throws DamagedCopyException if it is not a complete copy by that recipe
     * @throws IOException if it can't be read
     */
    static PackedCopy open(Path file, Recipe recipe, Team team)
            throws IOException, DamagedCopyException {
        PackedCopy copy = new PackedCopy(file);
        try {
            copy.map(recipe, team);
            return copy;
        } catch (IOException | DamagedCopyException | RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    private void map(Recipe recipe, Team team) throws IOException, DamagedCopyException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CopyHeader header = CopyHeader.read(channel);
            if (!header.recipe().equals(recipe)) {
                throw new DamagedCopyException("it was made of something else");
            }
            if (channel.size() != CopyHeader.fileBytes(recipe)) {
                throw new DamagedCopyException(
                        "it has %d bytes, and should have %d"
                                .formatted(channel.size(), CopyHeader.fileBytes(recipe)));
            }
            new CopyCheck(channel, header).run(team);
            MemorySegment data = LargePages.map(channel, arena).asSlice(CopyHeader.dataAt(recipe));
            long at = 0;
            for (long size : recipe.sizes()) {
                rooms.add(data.asSlice(at, size));
                at += Recipe.aligned(size);
            }
        }
    }

    /** The packed weights of each layer of the recipe; read-only, until this is closed. */
    public List<MemorySegment> rooms() {
        return rooms;
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() {
        arena.close();
    }
}
