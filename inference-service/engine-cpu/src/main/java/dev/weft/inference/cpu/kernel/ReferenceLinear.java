package dev.weft.inference.cpu.kernel;

/**
 * The linear layer as the formula says it, summed in double: what every other one is tested
 * against, at start-up and in tests. Too slow to serve with.
 */
final class ReferenceLinear implements Linear {
    private final WeightSource source;

    ReferenceLinear(WeightSource source) {
        this.source = source;
    }

    @Override
    public int in() {
        return source.in();
    }

    @Override
    public int out() {
        return source.out();
    }

    @Override
    public void multiply(Team.Member member, Activations x, FloatMatrix y, int rows) {
        int to = member.to(out(), 1);
        for (int o = member.from(out(), 1); o < to; o++) {
            for (int row = 0; row < rows; row++) {
                y.set(row, o, (float) dot(x, row, o));
            }
        }
    }

    /** One output in double precision. */
    double dot(Activations x, int row, int out) {
        double sum = 0;
        for (int i = 0; i < in(); i++) {
            sum += (double) x.rounded(row, i) * source.get(out, i);
        }
        return sum;
    }

    @Override
    public void close() {
        // The tensors belong to the checkpoint.
    }
}
