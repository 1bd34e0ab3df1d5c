package dev.weft.inference.cpu.packed;

import dev.weft.inference.cpu.kernel.team.Team;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of packed weights in a folder, which several processes may use at once. Whatever is
 * wrong with the folder or its disk, an engine starts: it packs, and the log says what happened.
 */
public final class PackedCopies {
    private static final Logger LOG = LoggerFactory.getLogger(PackedCopies.class);

    /** A copy is written only if so many times its size is free on its disk. */
    static final int DISK_RESERVE = 2;

    private final CopyFolder folder;
    private final long bytes;
    private final Team team;

    /**
     * The copies of a folder, which need not be there.
     *
     * @param bytes that all copies may take; 0 for no copy
     * @param team reads copies
     */
    public PackedCopies(Path folder, long bytes, Team team) {
        this.folder = new CopyFolder(folder);
        this.bytes = bytes;
        this.team = team;
    }

    /**
     * The copy that was made by a recipe, if there is one and it is whole. One that is not is
     * deleted, and the log says what was wrong. The team's owner calls it.
     */
    public Optional<PackedCopy> open(Recipe recipe) {
        Path file = folder.whole(recipe);
        try {
            if (bytes == 0) {
                folder.tidy(null, 0);
                return Optional.empty();
            }
            PackedCopy copy = PackedCopy.open(file, recipe, team);
            folder.tidy(file, bytes);
            return Optional.of(copy);
        } catch (NoSuchFileException e) {
            LOG.debug("no copy of these packed weights: {}", file);
        } catch (DamagedCopyException e) {
            LOG.warn(
                    "The copy of packed weights {} is not used, the weights are packed anew: {}",
                    file,
                    e.getMessage());
            CopyFolder.delete(file, "it is damaged");
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "The copy of packed weights {} can't be read, the weights are packed anew: {}",
                    file,
                    e.toString());
        }
        return Optional.empty();
    }

    /** Forgets a copy that has passed its checksums and is wrong all the same. */
    public void refuse(PackedCopy copy, String why) {
        LOG.warn(
                "The copy of packed weights {} is not used, the weights are packed anew: {}",
                copy.file(),
                why);
        copy.close();
        CopyFolder.delete(copy.file(), "it is wrong");
    }

    /**
     * Begins to write a copy, on a thread of its own. If there is no room for it the log says so.
     *
     * @param rooms the packed weights by layer, which nobody changes or frees until the result is
     *     stopped
     */
    public Keeping keep(Recipe recipe, List<MemorySegment> rooms) {
        Keeping keeping = new Keeping(folder, bytes, recipe, rooms);
        keeping.begin();
        return keeping;
    }
}
