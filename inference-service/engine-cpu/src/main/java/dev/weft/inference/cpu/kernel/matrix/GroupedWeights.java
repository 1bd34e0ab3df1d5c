package dev.weft.inference.cpu.kernel.matrix;

import dev.weft.format.quantised.GroupedMatrix;
import dev.weft.format.safetensors.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one or more matrices in 4 bits on top of each other, as if they were one. All of them
 * have the same groups of inputs. A layer whose matrices have different groups has several
 * instances.
 */
public final class GroupedWeights {
    private final List<GroupedMatrix> parts;
    private final int in;
    private final int out;

    private GroupedWeights(List<GroupedMatrix> parts) {
        this.parts = List.copyOf(parts);
        this.in = parts.getFirst().shape().get(1).intValue();
        this.out = parts.stream().mapToInt(GroupedWeights::outputs).sum();
    }

    /**
     * The matrices as grouped weights: neighbours with the same groups form one instance. Empty
     * unless all are in 4 bits.
     */
    static List<GroupedWeights> of(List<? extends WeightMatrix> parts) {
        List<GroupedWeights> all = new ArrayList<>();
        List<GroupedMatrix> alike = new ArrayList<>();
        for (WeightMatrix part : parts) {
            if (!(part instanceof GroupedMatrix matrix)) {
                return List.of();
            }
            if (!alike.isEmpty()
                    && !Arrays.equals(alike.getFirst().groups().of(), matrix.groups().of())) {
                all.add(new GroupedWeights(alike));
                alike.clear();
            }
            alike.add(matrix);
        }
        all.add(new GroupedWeights(alike));
        return all;
    }

    private static int outputs(GroupedMatrix part) {
        return part.shape().getFirst().intValue();
    }

    public Shape shape() {
        return new Shape(in, out);
    }

    public int groups() {
        return parts.getFirst().groups().count();
    }

    /** The group of each input. */
    public int[] groupOf() {
        return parts.getFirst().groups().of();
    }

    /** The codes of one output, 0 to 15, one per input. */
    public void codes(int output, byte[] target) {
        Place place = place(output);
        place.part.codes(place.output, target);
    }

    public float scale(int output, int group) {
        Place place = place(output);
        return place.part.groups().scales()[place.output * groups() + group];
    }

    /** The code that stands for 0. */
    public int zero(int output, int group) {
        Place place = place(output);
        return place.part.groups().zeros()[place.output * groups() + group];
    }

    private record Place(GroupedMatrix part, int output) {}

    private Place place(int output) {
        int local = output;
        for (GroupedMatrix part : parts) {
            if (local < outputs(part)) {
                return new Place(part, local);
            }
            local -= outputs(part);
        }
        throw new IndexOutOfBoundsException("output " + output + " of " + out);
    }
}
