package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.inference.cpu.kernel.team.Team;

/**
 * A linear layer without bias, {@code y = x W^T}; its weights are packed once for a team of a given
 * size. Every member of the team calls {@link #multiply} in the same region; each computes its own
 * slice of the output columns.
 */
public interface Linear extends AutoCloseable {
    /** A member's columns are whole units of this, except the last member's. */
    int COLUMN_UNIT = 32;

    int in();

    int out();

    /** The form in which it reads its inputs. */
    InputForm inputs();

    /**
     * Computes this member's columns for rows 0 to {@code rows - 1}. Rows beyond up to the next
     * {@link RowBuckets#ceiling bucket} may be overwritten with anything. A barrier must follow
     * before other members' columns are read.
     *
     * @param y {@code [rows][out]}
     */
    void multiply(Team.Member member, Activations x, FloatMatrix y, int rows);

    /** Whether the JVM compiles what multiplies a single row, and nothing else of the layer. */
    default boolean isOnlySingleRowCompiled() {
        return false;
    }

    /** Frees what it holds besides the memory it was packed into. */
    @Override
    void close();
}
