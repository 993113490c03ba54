-- One pair: money set aside for a shift, then all of it drawn. Each is committed before the next is sent.
\set line random(1, :lines)
\set pence random(100, 20000)
SELECT payments_move('set_aside:' || gen_random_uuid(), 'set_aside', md5(:line::text)::uuid,
                     :pence, NULL, 'Shift', now()) AS held \gset
SELECT payments_move('draw:' || :held, 'draw', md5(:line::text)::uuid,
                     :pence, :held, 'Shift', now());
